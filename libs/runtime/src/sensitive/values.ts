import type { Accepted, Execution, ExecutionSpec } from '#execution';
import type { KubeObject, ObjectName, ResourceType } from '#kubernetes';
import { PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { ClusterView } from '../cluster-view.ts';
import { executionIdLabel } from '../resource-spec.ts';
import type { Scrubber } from './scrubber.ts';
import { CLOSED, OPEN, scrubberOf } from './scrubber.ts';
import type { Sensitivity } from './sensitivity.ts';

/** Of an execution, what is needed to know its values. */
export type Redacted = Pick<Accepted, 'id' | 'spec' | 'redacted'>;

/** By name of the parameter. */
export type Values = Readonly<Record<string, string>>;

/** The values, or why they cannot be had: a sentence without any of them. */
export type Reading = { readonly values: Values } | { readonly missing: string };

export const NO_VALUES: Reading = { values: {} };

/**
 * The values that the log knows only by their hashes. They are in the resource, whose spec cannot be changed, and are read
 * from it whenever they are needed; nothing here keeps them.
 */
export class SensitiveValues {
  /** As long as the object itself is kept by a watch. */
  private readonly scrubbers = new WeakMap<KubeObject, Scrubber>();

  constructor(
    readonly sensitivity: Sensitivity,
    private readonly view: () => Pick<ClusterView, 'resource' | 'resourceByUid' | 'run'>,
    /** The execution of that id, if it was loaded lately. */
    private readonly lastKnown: (id: string) => Execution | undefined,
  ) {}

  /** From the resource of that execution. @param object as it was read; undefined when it is gone */
  readFrom(object: KubeObject | undefined, { id, spec, redacted = [] }: Redacted): Reading {
    const names = redacted.join(', ');
    if (redacted.length === 0) return NO_VALUES;
    if (object?.metadata.uid !== id)
      return { missing: `the resource that holds the values of ${names} is gone, and they are kept nowhere else` };
    const given = new Map(parametersOf(object));
    const values = redacted.map((name) => [name, given.get(name) ?? ''] as const);
    for (const [name, value] of values) {
      const compared = this.sensitivity.hashes.compare({ executionId: id, name, value }, spec.parameters?.[name] ?? '');
      if (compared !== 'same') return { missing: MISMATCH[compared](name) };
    }
    return { values: Object.fromEntries(values) };
  }

  /** For texts about an execution and its run: nothing is told when it has values that cannot be read now. */
  scrubberFor(execution: Redacted): Scrubber {
    if (execution.redacted === undefined) return OPEN;
    const object = this.view().resourceByUid(execution.id);
    if (object === undefined) return CLOSED;
    const known = this.scrubbers.get(object);
    if (known !== undefined) return known;
    const reading = this.readFrom(object, execution);
    const scrubber = 'missing' in reading ? CLOSED : scrubberOf(Object.entries(reading.values));
    this.scrubbers.set(object, scrubber);
    return scrubber;
  }

  /** For what an API server says of an object: the values of the resource it is, or of the one its run was made for. */
  scrubberAbout(type: ResourceType, name: ObjectName, sent?: KubeObject): Scrubber {
    const view = this.view();
    if (type.plural === WORKFLOW_EXECUTIONS.plural) return this.scrubberOf(sent ?? view.resource(name));
    if (type.plural !== PIPELINE_RUNS.plural) return OPEN;
    const run = sent ?? view.run(name);
    const id = run && executionIdLabel(run);
    return id === undefined ? OPEN : this.scrubberOf(view.resourceByUid(id));
  }

  /** By the names of today, whether it is an execution's or not; and by those of the day its execution was accepted. */
  private scrubberOf(object: KubeObject | undefined): Scrubber {
    if (object === undefined) return OPEN;
    const execution = this.lastKnown(object.metadata.uid ?? '');
    const redacted = execution === undefined || execution.phase === 'Absent' ? undefined : execution.redacted;
    const isHidden = (name: string): boolean => this.sensitivity.isSensitive(name) || redacted?.includes(name) === true;
    return scrubberOf(parametersOf(object).filter(([name]) => isHidden(name)));
  }
}

const MISMATCH = {
  other: (name: string) =>
    `the value of ${name} in the resource is not the one that was accepted: its hash is another one`,
  unknown: (name: string) =>
    `the key that the hash of ${name} was made with is not here, so nobody can tell whether the resource still holds the value that was accepted; bring the redaction key back (docs/guides/secrets.md)`,
} as const;

/** As they stand in a WorkflowExecution; what is no text is none. */
function parametersOf(object: KubeObject): readonly (readonly [name: string, value: string])[] {
  const { parameters } = (object.spec ?? {}) as Partial<ExecutionSpec>;
  return Object.entries(parameters ?? {}).filter(([, value]) => typeof value === 'string');
}
