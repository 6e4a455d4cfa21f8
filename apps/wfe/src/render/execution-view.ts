import type { Execution } from '../api/answers.ts';
import { clean, cleanLines } from './clean.ts';
import { paintOf, type Colours } from './colours.ts';
import { padded } from './table.ts';
import { age, stamp, type Times } from './times.ts';

type Field = readonly [name: string, value: string | undefined];

const NAME_WIDTH = 16;

/** One execution for people: what was asked, how it stands, why, and what holds the lock. */
export function executionView(execution: Execution, times: Times, colours: Colours): string {
  const { spec, status } = execution;
  const sections: [string, readonly Field[]][] = [
    ['', identity(execution, times)],
    ['State', state(execution, times, colours)],
    ['Asked for', asked(spec)],
    ['Parameters', Object.entries(spec.parameters ?? {}).map(([name, value]) => [name, theirs(value)])],
    ['Failure', failure(status.failureDetails, times)],
    ['Skipped', skip(status.skipDetails, times)],
    ['Run', run(status, times)],
  ];
  return sections.map(([title, fields]) => section(title, fields, colours)).join('');
}

function section(title: string, fields: readonly Field[], colours: Colours): string {
  const shown = fields.filter((field): field is [string, string] => field[1] !== undefined && field[1] !== '');
  if (shown.length === 0) return '';
  const indent = title === '' ? '' : '  ';
  const width = Math.max(NAME_WIDTH - indent.length, ...shown.map(([name]) => clean(name).length + 1));
  const lines = shown.map(([name, value]) => {
    const [first = '', ...rest] = value.split('\n');
    const more = rest.map((line) => `${indent}${' '.repeat(width + 1)}${line}\n`).join('');
    return `${indent}${colours.dim(padded(`${clean(name)}:`, width))} ${first}\n${more}`;
  });
  return `${title === '' ? '' : `${colours.bold(title)}\n`}${lines.join('')}`;
}

/** Somebody else's text, which may have several lines. */
const theirs = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : cleanLines(text).join('\n');

function identity({ executionId, resource, entry, createdAt, revision }: Execution, times: Times): readonly Field[] {
  return [
    ['Execution', clean(executionId)],
    ['Resource', clean(`${resource.namespace}/${resource.name}`)],
    ['Created', `${stamp(times, createdAt)} (${age(times, createdAt)} ago, by ${clean(entry)})`],
    ['Revision', String(revision)],
  ];
}

function state({ status, cancellation, updatedAt }: Execution, times: Times, colours: Colours): readonly Field[] {
  const { phase, outcome, message, lock } = status;
  const painted = (word: string): string => paintOf(colours, word)(clean(word));
  return [
    ['Phase', painted(phase)],
    ['Outcome', outcome === undefined ? undefined : painted(outcome)],
    ['Message', theirs(message)],
    ['Lock', lock === undefined ? undefined : lockLine(lock, times)],
    [
      'Cancellation',
      cancellation &&
        `${clean(cancellation.mode)} at ${stamp(times, cancellation.requestedAt)}: ${clean(cancellation.reason)}`,
    ],
    ['Last event', `${clean(status.execution.lastEvent.type)} at ${stamp(times, updatedAt)}`],
  ];
}

function lockLine({ state: word, holder, until }: NonNullable<Execution['status']['lock']>, times: Times): string {
  const by = holder?.name === undefined ? '' : `, held by ${clean(`${holder.namespace ?? ''}/${holder.name}`)}`;
  return `${clean(word)}${by}${until === undefined ? '' : ` until ${stamp(times, until)}`}`;
}

function asked(spec: Execution['spec']): readonly Field[] {
  const { workflowRef, remediationRequestRef, confidence } = spec;
  return [
    ['Target', clean(spec.targetResource)],
    ['Workflow', clean(`${workflowRef.workflowId} ${workflowRef.version}`)],
    ['Bundle', clean(workflowRef.containerImage)],
    ['Remediation', clean(remediationRequestRef.name)],
    ['Confidence', confidence === undefined ? undefined : String(confidence)],
    ['Rationale', theirs(spec.rationale)],
  ];
}

function failure(details: Execution['status']['failureDetails'], times: Times): readonly Field[] {
  if (details === undefined) return [];
  const { reason, failedTaskName, failedStepName, exitCode, failedAt, wasExecutionFailure } = details;
  return [
    ['Reason', clean(reason)],
    ['Task', failedTaskName && clean(failedTaskName)],
    ['Step', failedStepName && clean(failedStepName)],
    ['Exit code', exitCode === undefined ? undefined : String(exitCode)],
    ['At', stamp(times, failedAt)],
    ['Target', wasExecutionFailure ? 'may have changed: nothing may repeat this blindly' : 'not touched'],
    ['Summary', theirs(details.naturalLanguageSummary)],
  ];
}

function skip(details: Execution['status']['skipDetails'], times: Times): readonly Field[] {
  if (details === undefined) return [];
  const { reason, message, until, holder } = details;
  return [
    ['Reason', clean(reason)],
    ['Message', theirs(message)],
    ['Holder', holder.name === undefined ? undefined : clean(`${holder.namespace ?? ''}/${holder.name}`)],
    ['Until', until && stamp(times, until)],
  ];
}

function run(
  { pipelineRunRef, pipelineRunStatus, startTime, completionTime, duration }: Execution['status'],
  times: Times,
) {
  const fields: Field[] = [
    ['Name', pipelineRunRef && clean(`${pipelineRunRef.namespace}/${pipelineRunRef.name}`)],
    ['Tasks', pipelineRunStatus && `${pipelineRunStatus.completedTasks} of ${pipelineRunStatus.totalTasks}`],
    ['Started', startTime && stamp(times, startTime)],
    ['Ended', completionTime && stamp(times, completionTime)],
    ['Duration', duration && clean(duration)],
  ];
  return fields;
}
