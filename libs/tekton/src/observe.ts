import type { RunObservation } from '#execution';
import { childrenOf } from './children.ts';
import { failureOf, falseEnd } from './failure.ts';
import { fit } from './fit.ts';
import { present } from './read.ts';
import { resultsOf } from './results.ts';
import { runOf } from './run.ts';
import { observedTask } from './task-run.ts';

/**
 * Translates a PipelineRun and task runs, as the API server sent them, into what the model understands. Any JSON is
 * taken: what is missing or has a wrong type reads as absent, long texts and lists are cut (LIMITS). Task runs that
 * another run owns are not believed, nor is a status that is an earlier run's; give all task runs the same, they are how an
 * adopted success is recognised.
 */
export function observe(pipelineRun: unknown, taskRuns: readonly unknown[]): RunObservation {
  const run = runOf(pipelineRun);
  const children = childrenOf(run, taskRuns);
  const notBelieved = falseEnd(run, children);
  const { condition } = run;
  return fit(
    present({
      ref: run.ref,
      executionId: run.executionId,
      deletionRequested: run.deletionRequested,
      condition: condition && { status: condition.status, reason: condition.reason, message: condition.message },
      outcome: notBelieved ? 'Failed' : run.outcome,
      startTime: run.startTime,
      completionTime: run.completionTime,
      totalTasks: run.totalTasks,
      tasks: children.own.map(observedTask),
      skippedTasks: run.skippedTasks,
      // Those of another run may be secrets of another execution, which this one does not know.
      results: run.isPredecessors || children.foreign.length > 0 ? [] : resultsOf(run.status.results),
      resolved: run.resolved,
      failure: notBelieved ?? failureOf(run, children),
    }),
  );
}
