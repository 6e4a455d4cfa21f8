import { observe } from '#tekton';
import type { RunObservation } from '#execution';
import { ROWS } from './captures-table.ts';
import type { Row } from './captures-table.ts';
import { capturedRun, capturedTaskRuns, hasMoment, RECORDED, SCENARIOS } from './captures.ts';

/** An observation in the columns of the table. */
function rowOf({ failure, outcome, totalTasks, tasks }: RunObservation): Omit<Row, 'because' | 'open'> {
  const row = {
    outcome,
    reason: failure?.reason,
    task: failure?.failedTaskName,
    taskRun: failure?.failedTaskRunName,
    index: failure?.failedTaskIndex,
    step: failure?.failedStepName,
    exitCode: failure?.exitCode,
    ran: failure?.wasExecutionFailure,
    total: totalTasks,
    tasks: tasks.length === 0 ? undefined : tasks.map(described),
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

const described = ({ pipelineTask, state, attempt }: RunObservation['tasks'][number]): string =>
  `${pipelineTask} ${state}${attempt > 1 ? `#${attempt}` : ''}`;

const observed = (scenario: string): RunObservation =>
  observe(capturedRun(scenario, 'final'), capturedTaskRuns(scenario, 'final'));

describe('every recorded run is understood', () => {
  test('the table, the recorded files and the index of the recordings name the same scenarios', () => {
    expect(Object.keys(ROWS).sort()).toEqual([...SCENARIOS].sort());
    expect([...RECORDED].sort()).toEqual([...SCENARIOS].sort());
  });

  test.each(SCENARIOS)('%s: its end', (scenario) => {
    const { because, open, ...row } = ROWS[scenario] as Row;
    expect(rowOf(observed(scenario))).toEqual(row);
    expect(because).toMatch(/\S+ \S+/);
    if (open !== undefined) expect(open).toMatch(/\S+ \S+/);
  });

  test.each(SCENARIOS)('%s: failure is set exactly when it ended without success, and says when', (scenario) => {
    const { outcome, failure } = observed(scenario);
    expect(failure !== undefined).toBe(outcome !== undefined && outcome !== 'Succeeded');
    if (failure) expect([failure.failedAt, failure.message]).toEqual([expect.any(String), expect.stringMatching(/./)]);
  });

  test.each(SCENARIOS.filter((scenario) => hasMoment(scenario, 'created')))(
    '%s: just created, it has neither condition nor end',
    (scenario) => {
      const { condition, outcome, startTime, tasks } = observe(capturedRun(scenario, 'created'), []);
      expect({ condition, outcome, startTime, tasks }).toEqual({ tasks: [] });
    },
  );

  test.each(SCENARIOS.filter((scenario) => hasMoment(scenario, 'resolving')))(
    '%s: resolving, it has started and not ended',
    (scenario) => {
      const { condition, outcome, startTime, totalTasks } = observe(capturedRun(scenario, 'resolving'), []);
      expect([condition?.status, condition?.reason.startsWith('Resolving'), typeof startTime, outcome]).toEqual([
        'Unknown',
        true,
        'string',
        undefined,
      ]);
      if (condition?.reason === 'ResolvingPipelineRef') expect(totalTasks).toBeUndefined();
    },
  );

  test.each(SCENARIOS.filter((scenario) => hasMoment(scenario, 'running')))(
    '%s: running, its tasks are shown and it has not ended',
    (scenario) => {
      const run = observe(capturedRun(scenario, 'running'), capturedTaskRuns(scenario, 'running'));
      expect([run.condition?.status, run.outcome, run.failure]).toEqual(['Unknown', undefined, undefined]);
      expect(run.totalTasks).toBeGreaterThan(0);
      for (const task of run.tasks) expect(['Running', 'Pending']).toContain(task.state);
    },
  );
});
