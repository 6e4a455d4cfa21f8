import type { Execution, Pending, RunRef } from '#execution';
import type { Clock, Cluster, KubeObject, ObjectName } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { ApiError } from '#tekton';
import { pipelineRunFor, runRefusal } from '#tekton';
import type { ClusterView } from './cluster-view.ts';
import type { Loaded } from './executions.ts';
import type { HolderLookup } from './holder-lookup.ts';
import { CreationDelay } from './creation-delay.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { RunObserver } from './run-observer.ts';
import { isOurs } from './run-observer.ts';
import { isNoSuchObject } from './no-such-object.ts';
import type { Reading, SensitiveValues, Values } from './sensitive/values.ts';
import { NO_VALUES } from './sensitive/values.ts';
import { scrubbedError } from './sensitive/scrubbed-error.ts';
import { scrubberOf } from './sensitive/scrubber.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { TargetHistory } from './target-history.ts';
import type { Telemetry } from './telemetry.ts';

/** What a driver did: the execution afterwards, and when to look again if nothing taps it before. */
export interface Driven {
  readonly loaded: Loaded;
  readonly againMs?: number;
}

export interface RunCreationParts {
  readonly cluster: Cluster;
  readonly view: Pick<ClusterView, 'resource'>;
  readonly observer: RunObserver;
  readonly holders: HolderLookup;
  readonly history: TargetHistory;
  readonly reconciliation: Reconciliation;
  readonly clock: Clock;
  readonly stopwatch: Stopwatch;
  readonly telemetry: Telemetry;
  readonly sensitive: SensitiveValues;
  /** A create that keeps failing for passing reasons is given up after this. */
  readonly creationPatienceMs: number;
}

/** A waiting execution looks again this often, beside being told when the lock is given back. */
const WAITING_MS = 5_000;
/** The name is free, but task runs of an earlier run still exist under it. */
const LEFTOVERS_MS = 500;

/** Brings the PipelineRun of an execution into being, and with it takes the lock: at most once, whatever happens. */
export class RunCreation {
  private readonly delay: CreationDelay;

  constructor(private readonly parts: RunCreationParts) {
    this.delay = new CreationDelay(parts.reconciliation, parts.clock, parts.stopwatch, parts.creationPatienceMs);
  }

  /** Asks for the run; what is in the way, or refuses it, is recorded. */
  async create(loaded: Loaded, execution: Pending): Promise<Driven> {
    const place = execution.settings.onConflict === 'Wait' ? await this.parts.history.placeInLine(execution) : 'Next';
    // Who waits in line is recorded as waiting, like the one in front; and is told when that one leaves the line.
    if (place !== 'Next') return this.taken(loaded, execution, place === 'Behind' ? WAITING_MS : LEFTOVERS_MS);
    const leftovers = await this.leftovers(execution);
    if (leftovers.length > 0) return this.besideLeftovers(loaded, execution, leftovers);
    const reading = await this.valuesOf(execution);
    if ('missing' in reading) return this.withoutValues(loaded, execution, reading.missing);
    return this.createWith(reading.values, loaded, execution);
  }

  private async createWith(values: Values, loaded: Loaded, execution: Pending): Promise<Driven> {
    const startedMs = this.parts.clock.monotonic();
    const told = (result: 'created' | 'refused' | 'failed', reason = ''): void =>
      this.parts.telemetry.runCreation((this.parts.clock.monotonic() - startedMs) / 1000, result, reason);
    try {
      const created = await this.parts.cluster.create(PIPELINE_RUNS, pipelineRunFor(execution, values));
      told('created');
      this.delay.forget(loaded.id);
      return { loaded: await this.record(loaded, execution, created, 'created') };
    } catch (cause) {
      const error = scrubbedError(cause, scrubberOf(Object.entries(values)));
      if (!(error instanceof ClusterError)) throw error;
      if (error.code === 'already-exists') return this.taken(loaded, execution);
      told(error.isTransient ? 'failed' : 'refused', error.code);
      return this.notCreated(loaded, execution, error);
    }
  }

  /**
   * Records that the run of ours exists. There is one object of a name, so whoever had the lock as far as the log says has
   * it no longer: that goes into the log first, so that it never tells of two holders.
   */
  async record(loaded: Loaded, execution: Pending, run: KubeObject, how: 'created' | 'adopted'): Promise<Loaded> {
    for (const former of await this.parts.history.holders(execution)) {
      const runUid = lockOf(former.execution)?.uid;
      if (runUid !== undefined && runUid !== run.metadata.uid)
        await this.parts.reconciliation.sync(former, { kind: 'RunMissing', runUid });
    }
    return this.parts.observer.found(loaded, run, how);
  }

  /**
   * Tekton finds the children of a run by name: a run created while task runs of its predecessor exist would take over
   * their results without running anything.
   */
  private async leftovers(execution: Pending): Promise<readonly string[]> {
    const hadPredecessor = !(await this.parts.history.isFirst(execution));
    return this.parts.observer.taskRunNames(runName(execution), hadPredecessor);
  }

  /** Task runs exist under the name: with their run, it is taken; without, nothing is created until they are gone. */
  private async besideLeftovers(loaded: Loaded, execution: Pending, names: readonly string[]): Promise<Driven> {
    const run = await this.parts.observer.read(runName(execution));
    if (run !== undefined) return this.takenBy(loaded, execution, run);
    const message = `task runs of an earlier run are left under the name ${execution.runName} and do not go: ${names.join(', ')}; delete them`;
    const after = await this.delay.failed(loaded, 'run', 'leftovers', message);
    return after.execution.phase === 'Pending' ? { loaded: after, againMs: LEFTOVERS_MS } : { loaded: after };
  }

  /** The name is taken: by ourselves (created before a crash, or by a create whose reply was lost), or by somebody else. */
  private async taken(loaded: Loaded, execution: Pending, ifNotMs = LEFTOVERS_MS): Promise<Driven> {
    const run = await this.parts.observer.read(runName(execution));
    return run === undefined ? { loaded, againMs: ifNotMs } : this.takenBy(loaded, execution, run);
  }

  private async takenBy(loaded: Loaded, execution: Pending, run: KubeObject): Promise<Driven> {
    this.delay.forget(loaded.id);
    if (isOurs(run, loaded.id)) {
      this.parts.telemetry.runCreation(0, 'adopted', '');
      return { loaded: await this.record(loaded, execution, run, 'adopted') };
    }
    const holder = await this.parts.holders.holderOf(run);
    const after = await this.parts.reconciliation.sync(loaded, { kind: 'TargetLocked', holder });
    return after.execution.phase === 'Pending' ? { loaded: after, againMs: WAITING_MS } : { loaded: after };
  }

  /** Values that only the resource knows: as the watch has it, or read when that says otherwise than the log. */
  private async valuesOf(execution: Pending): Promise<Reading> {
    if (execution.redacted === undefined) return NO_VALUES;
    const { sensitive, view, cluster } = this.parts;
    const seen = sensitive.readFrom(view.resource(execution.resource), execution);
    if ('values' in seen) return seen;
    try {
      return sensitive.readFrom(await cluster.get(WORKFLOW_EXECUTIONS, execution.resource), execution);
    } catch (error) {
      if (isNoSuchObject(error)) return sensitive.readFrom(undefined, execution);
      throw error;
    }
  }

  /** Nothing is created with a value that was not accepted; a run from before a crash is ours all the same. */
  private async withoutValues(loaded: Loaded, execution: Pending, message: string): Promise<Driven> {
    const run = await this.parts.observer.read(runName(execution));
    if (run !== undefined) return this.takenBy(loaded, execution, run);
    this.delay.forget(loaded.id);
    const refusal = { code: 'sensitive-value-missing', reason: 'ConfigurationError', message } as const;
    return { loaded: await this.parts.reconciliation.sync(loaded, { kind: 'RunRefused', refusal }) };
  }

  /** Refused for good, or trouble that may pass: then the work queue comes back to it, for as long as patience lasts. */
  private async notCreated(loaded: Loaded, execution: Pending, error: ClusterError): Promise<Driven> {
    const refusal = runRefusal(apiErrorOf(error));
    if (refusal !== undefined || this.delay.isLast(loaded)) {
      // A quota or a policy answers before the name is looked at: the run may exist, from a create whose reply was lost.
      const run = await this.parts.observer.read(runName(execution));
      if (run !== undefined) return this.takenBy(loaded, execution, run);
    }
    if (refusal === undefined) return this.delayed(loaded, error);
    this.delay.forget(loaded.id);
    return { loaded: await this.parts.reconciliation.sync(loaded, { kind: 'RunRefused', refusal }) };
  }

  /** @throws the error, so that it is tried again, unless it was the last time */
  private async delayed(loaded: Loaded, error: ClusterError): Promise<Driven> {
    const after = await this.delay.failed(loaded, 'run', error.code, error.message);
    if (after.execution.phase === 'Pending') throw error;
    return { loaded: after };
  }
}

/** The run that is an execution's lock. */
function lockOf(execution: Execution): RunRef | undefined {
  if (execution.phase === 'Running') return execution.run;
  return execution.phase === 'Finished' ? execution.ended?.ref : undefined;
}

/** Name and place of an execution's run, also before it exists. */
export const runName = (execution: Pending): ObjectName => ({
  namespace: execution.settings.executionNamespace,
  name: execution.runName,
});

function apiErrorOf({ code, message, details }: ClusterError): ApiError {
  const { status, reason, causes } = details;
  return {
    code,
    message,
    ...(status !== undefined && { status }),
    ...(reason !== undefined && { reason }),
    ...(causes !== undefined && { causes }),
  };
}
