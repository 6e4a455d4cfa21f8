import type { KubeObject } from '#kubernetes';
import { PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { SandboxCluster } from '../../apps/sandbox/src/sandbox-cluster.ts';

const WORKFLOW_LABEL = 'kubernaut.ai/workflow-id';
/** How many times faster than recorded. */
const SPEED = 20;

/** What is said about an object, and how often before it is let through. */
interface Quoting {
  readonly code: number;
  readonly reason: string;
  readonly times: number;
}

/** What the runs of a workflow let out. */
export interface Leak {
  /** Printed into every message. */
  readonly message: string;
  /** Given as the result `token`. */
  readonly token: string;
}

/** The sandbox, with a policy that quotes what it refuses and with workflows that print what they were given. */
export class LeakyCluster {
  private readonly refusals = new Map<string, { left: number; code: number; reason: string }>();
  private readonly leaks = new Map<string, Leak>();

  private constructor(readonly sandbox: SandboxCluster) {
    const { admission } = sandbox.api;
    admission.register(PIPELINE_RUNS, {
      validate: (run, { operation, subresource }) =>
        subresource === undefined ? this.refused(`${operation} run of ${workflowOf(run)}`, run) : undefined,
      mutate: (run, { subresource }) => (subresource === 'status' ? this.leaking(run) : run),
    });
    admission.register(TASK_RUNS, {
      mutate: (taskRun, { subresource }) => (subresource === 'status' ? this.leaking(taskRun) : taskRun),
    });
    admission.register(WORKFLOW_EXECUTIONS, {
      validate: (object, { operation, subresource = 'spec' }) =>
        this.refused(`${operation} ${subresource} of ${object.metadata.name}`, object),
    });
  }

  static async open(): Promise<LeakyCluster> {
    return new LeakyCluster(await SandboxCluster.start({ port: 0, speed: SPEED }));
  }

  close(): Promise<void> {
    return this.sandbox.stop();
  }

  /** `CREATE run of WORKFLOW`, `UPDATE run of WORKFLOW`, `UPDATE spec of NAME`, `UPDATE status of NAME` */
  quote(what: string, { code, reason, times }: Quoting): void {
    this.refusals.set(what, { left: times, code, reason });
  }

  /** True when every refusal was met as often as it was to be. */
  get hasQuotedAll(): boolean {
    return [...this.refusals.values()].every(({ left }) => left === 0);
  }

  leak(workflow: string, leak: Leak): void {
    this.leaks.set(workflow, leak);
  }

  private refused(what: string, object: KubeObject) {
    const refusal = this.refusals.get(what);
    if (refusal === undefined || refusal.left === 0) return undefined;
    refusal.left -= 1;
    const { code, reason } = refusal;
    return { code, reason, message: quotation(object) };
  }

  private leaking(object: KubeObject): KubeObject {
    const leak = this.leaks.get(workflowOf(object));
    const status = object.status as Status | undefined;
    if (leak === undefined || status?.conditions === undefined) return object;
    const printed = ` (printed ${leak.message} and ${leak.token})`;
    const conditions = status.conditions.map((each) => ({ ...each, message: withOnce(each.message ?? '', printed) }));
    const others = (status.results ?? []).filter(({ name }) => name !== 'token' && name !== 'note');
    const results = [
      ...others,
      { name: 'token', type: 'string', value: leak.token },
      { name: 'note', type: 'string', value: `made with ${leak.message}` },
    ];
    return { ...object, status: { ...status, conditions, results } };
  }
}

interface Status {
  readonly conditions?: readonly { readonly message?: string }[];
  readonly results?: readonly { readonly name: string }[];
}

const withOnce = (text: string, end: string): string => (text.endsWith(end) ? text : text + end);

const workflowOf = ({ metadata }: KubeObject): string => metadata.labels?.[WORKFLOW_LABEL] ?? '';

/** The values of an object in every way in which something may quote it, outside of anything that looks like an object. */
function quotation({ spec }: KubeObject): string {
  const { params, parameters } = spec as { params?: { name: string; value: string }[]; parameters?: object };
  const values = params?.map(({ value }) => value) ?? Object.values(parameters ?? {}).map(String);
  const quoted = values.map((value) => {
    const base64 = Buffer.from(value).toString('base64');
    return `${value}, ${JSON.stringify(value)}, ${base64}, ${encodeURIComponent(value)}`;
  });
  return `admission webhook "policy.example.test" denied the request: ${quoted.join('; ')}; ${JSON.stringify(spec)}`;
}
