import { PIPELINE_RUNS } from '#kubernetes';
import { until } from '../../support/until.ts';
import { isChained, RUNS } from '../client.ts';
import type { Stage } from '../stage.ts';
import type { Place, Placed } from './places.ts';
import * as places from './places.ts';

const MODES = ['Graceful', 'Immediate'] as const;
type Mode = (typeof MODES)[number];
const SPEC_STATUS = { Graceful: 'CancelledRunFinally', Immediate: 'Cancelled' } as const;

export interface Phase {
  readonly what: string;
  readonly place: Place;
  /** Whether there is a run; then Tekton is told. */
  readonly hasRun: boolean;
  /** Whether a step may have run. */
  readonly ranSteps: boolean;
  /** Modes that show no effect before what holds the execution is released. */
  readonly held: readonly Mode[];
}

export const PHASES: readonly Phase[] = [
  { what: 'waits for the lock', place: places.waiting, hasRun: false, ranSteps: false, held: [] },
  { what: 'has no run yet', place: places.beforeRun, hasRun: false, ranSteps: false, held: [] },
  { what: 'was not picked up yet', place: places.notPickedUp, hasRun: true, ranSteps: false, held: MODES },
  { what: 'is being resolved', place: places.resolving, hasRun: true, ranSteps: false, held: [] },
  { what: 'runs', place: places.running, hasRun: true, ranSteps: true, held: [] },
  { what: 'runs its finally task', place: places.runningFinally, hasRun: true, ranSteps: true, held: ['Graceful'] },
];

export const DOORS = {
  REST: async ({ client }: Stage, { id }: Placed, mode: Mode): Promise<void> => {
    expect((await client.post(id, 'cancel', { mode, reason: 'not needed' })).status).toBe(200);
  },
  'spec.cancel': ({ client }: Stage, { name }: Placed, mode: Mode): Promise<void> =>
    client.cancelByResource(name, mode),
} as const;
export type Door = keyof typeof DOORS;

const CASES = PHASES.flatMap((phase) =>
  MODES.flatMap((mode) =>
    Object.keys(DOORS).map((door) => [mode, door as Door, phase.what, phase] as [Mode, Door, string, Phase]),
  ),
);

export function cancelling(stage: Stage): void {
  const finallyRan = async (id: string): Promise<boolean> =>
    (await stage.client.history(id)).some(
      ({ type, data }) => type === 'TaskStarted' && data['pipelineTask'] === 'cleanup',
    );
  const specStatus = async (id: string): Promise<unknown> =>
    ((await stage.client.runs(id))[0]?.spec as { status?: unknown } | undefined)?.status;
  const modes = async (id: string): Promise<readonly unknown[]> =>
    (await stage.client.history(id))
      .filter(({ type }) => type === 'CancellationRequested')
      .map(({ data }) => data['mode']);

  it.each(CASES)('%s by %s of one that %s', async (mode, door, _what, phase) => {
    const { client } = stage;
    const placed = await phase.place(stage);
    await DOORS[door](stage, placed, mode);
    if (phase.hasRun) await until('Tekton to be told', async () => (await specStatus(placed.id)) === SPEC_STATUS[mode]);
    if (phase.held.includes(mode)) await placed.release();
    const { status } = await client.ended(placed.id);
    expect(status).toMatchObject({ phase: 'Failed', outcome: 'Cancelled' });
    expect(status.failureDetails).toMatchObject({ reason: 'Cancelled', wasExecutionFailure: phase.ranSteps });
    isChained(await client.history(placed.id));
    expect(await modes(placed.id)).toEqual([mode]);
    const asked = await client.recorded(placed.id, 'CancellationRequested');
    expect(asked.metadata.source).toBe(door === 'REST' ? 'rest' : 'resource');
    expect(await client.runs(placed.id)).toHaveLength(phase.hasRun ? 1 : 0);
    await client.shown(placed.name, 'Failed');
    await placed.release();
  });

  it('Graceful lets the finally tasks run, Immediate does not', async () => {
    const [gracefully, immediately] = [await places.running(stage), await places.running(stage)];
    await DOORS.REST(stage, gracefully, 'Graceful');
    await DOORS.REST(stage, immediately, 'Immediate');
    for (const { id } of [gracefully, immediately]) await stage.client.ended(id);
    expect(await finallyRan(gracefully.id)).toBe(true);
    expect(await finallyRan(immediately.id)).toBe(false);
  });

  it.each([
    ['REST', 'REST'],
    ['REST', 'spec.cancel'],
    ['spec.cancel', 'REST'],
  ] as const)('Graceful by %s grows to Immediate by %s while the finally task runs', async (first, second) => {
    const { client, world } = stage;
    const placed = await places.running(stage);
    world.brake.hold(placed.target, 'FinallyEnd');
    await DOORS[first](stage, placed, 'Graceful');
    await until('the finally task to run', () => finallyRan(placed.id));
    await DOORS[second](stage, placed, 'Immediate');
    expect((await client.ended(placed.id)).status.outcome).toBe('Cancelled');
    expect(await modes(placed.id)).toEqual(['Graceful', 'Immediate']);
    expect(await specStatus(placed.id)).toBe('Cancelled');
    isChained(await client.history(placed.id));
  });

  it('asked again, or for less, nothing is recorded and nothing is taken back', async () => {
    const { client } = stage;
    const placed = await places.notPickedUp(stage);
    for (const mode of ['Immediate', 'Immediate', 'Graceful'] as const) await DOORS.REST(stage, placed, mode);
    expect(await modes(placed.id)).toEqual(['Immediate']);
    await placed.release();
    expect((await client.ended(placed.id)).status.outcome).toBe('Cancelled');
    expect(await specStatus(placed.id)).toBe('Cancelled');
    const whole = await client.types(placed.id);
    await DOORS.REST(stage, placed, 'Immediate');
    expect(await client.types(placed.id)).toEqual(whole);
  });

  it.each([
    ['in its cooldown', places.coolingDown],
    ['after its release', places.released],
  ])('one that has ended, %s: refused by REST, without effect by spec.cancel', async (_what, place) => {
    const { client } = stage;
    const placed = await place(stage);
    const whole = await client.types(placed.id);
    const answer = await client.post(placed.id, 'cancel', { mode: 'Immediate', reason: 'too late' });
    expect([answer.status, answer.body['code']]).toEqual([409, 'execution-finished']);
    await client.cancelByResource(placed.name, 'Immediate');
    await client.post(placed.id, 'sync', undefined); // looks at the resource before it answers
    expect(await client.types(placed.id)).toEqual(whole);
    expect((await client.statusOf(placed.name)).outcome).toBe('Success');
  });

  it('a run that is gone before it has stopped ends the execution once, as PipelineRunDeleted', async () => {
    const { client, world } = stage;
    const placed = await places.running(stage);
    world.brake.hold(placed.target, 'FinallyEnd');
    await DOORS.REST(stage, placed, 'Graceful');
    await until('the finally task to run', () => finallyRan(placed.id));
    const { metadata } = await client.run(placed.id);
    await world.cluster.delete(PIPELINE_RUNS, { namespace: RUNS, name: metadata.name }, { propagation: 'Foreground' });
    const { failureDetails } = (await client.ended(placed.id)).status;
    expect(failureDetails).toMatchObject({ reason: 'PipelineRunDeleted', wasExecutionFailure: true });
    await client.recorded(placed.id, 'LockReleased');
    isChained(await client.history(placed.id));
  });
}
