import pc from 'picocolors';

/** What is read of an event to show it. */
export interface ShownEvent {
  readonly revision: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: { readonly time: string; readonly source: string };
}

/** One line of a timeline: time since the first event, revision, type, and what matters of it. */
export function timelineLine(name: string, event: ShownEvent, firstTime: string): string {
  const seconds = ((Date.parse(event.metadata.time) - Date.parse(firstTime)) / 1000).toFixed(2).padStart(7);
  const revision = String(event.revision).padStart(2);
  return `${pc.dim(`${seconds} s`)}  ${pc.bold(name.padEnd(12))} ${pc.dim(revision)} ${colour(event.type)(event.type.padEnd(26))} ${detail(event)}`;
}

function colour(type: string): (text: string) => string {
  if (type === 'ExecutionCompleted') return pc.green;
  if (type === 'ExecutionFailed' || type === 'ExecutionCancelled') return pc.red;
  return type.startsWith('Task') ? pc.cyan : pc.yellow;
}

function detail({ type, data }: ShownEvent): string {
  switch (type) {
    case 'ExecutionCreated':
      return `${text(at(data, 'spec', 'workflowRef', 'workflowId'))} on ${text(at(data, 'spec', 'targetResource'))}`;
    case 'ResourceBound':
      return `${text(at(data, 'resource', 'namespace'))}/${text(at(data, 'resource', 'name'))}`;
    case 'PipelineRunCreated':
      return `${text(at(data, 'run', 'namespace'))}/${text(at(data, 'run', 'name'))}`;
    case 'PipelineRunProgressed':
      return text(at(data, 'condition', 'message')) || text(at(data, 'condition', 'reason'));
    case 'TaskStarted':
      return text(data['pipelineTask']);
    case 'TaskFinished':
      return `${text(data['pipelineTask'])} ${text(data['state'])}`;
    case 'ExecutionCompleted':
      return results(at(data, 'run', 'results'));
    case 'ExecutionFailed':
    case 'ExecutionCancelled':
      return text(at(data, 'failure', 'naturalLanguageSummary'));
    default:
      return '';
  }
}

function results(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return '';
  return value.map((result: unknown) => `${text(at(result, 'name'))}=${text(at(result, 'value')).trim()}`).join(' ');
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[key] : undefined),
    value,
  );
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
