import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogIndex } from '#audit';
import type { EventStore } from '#event-store';
import { MemoryEventStore, START } from '#event-store';
import { streamOf } from '#execution';
import { systemClock } from '#kubernetes';
import type { Clock } from '#kubernetes';
import { openSqliteReadModel } from '#read-model';
import type { ReadModel, Successor } from '#runtime';
import { ArrayReadModel } from '../../libs/read-model/test/support/array-read-model.ts';
import { Folding } from '../../libs/runtime/src/folding.ts';
import { ProjectionLag } from '../../libs/runtime/src/projection-lag.ts';
import { RuntimeProjections } from '../../libs/runtime/src/projections.ts';
import { Projector } from '../../libs/runtime/src/projector.ts';
import { appendLives, eventOf, idOf, secondOf, targetOf } from '../../libs/runtime/test/support/lives.ts';
import { quietLog, quietTelemetry } from '../../libs/runtime/test/support/quiet.ts';
import { until } from '../support/until.ts';

type Indexed = ReadModel & LogIndex;

/** Waits for nothing longer than a few milliseconds. */
const impatient: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 5), signal) };
const LIVES = 400;

let folder: string;
let store: EventStore;
let model: Indexed;
let stopping: AbortController;
let projector: Projector;
let projections: RuntimeProjections;
let running: Promise<void>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rebuild-'));
  store = new MemoryEventStore();
  await appendLives(store, 0, LIVES);
  model = await opened();
  await start(model);
});
afterEach(async () => {
  await stop();
  await model.close();
  rmSync(folder, { recursive: true, force: true });
});

const opened = () => openSqliteReadModel({ file: join(folder, 'rows.sqlite'), compare: (a, b) => store.compare(a, b) });

async function start(readModel: ReadModel): Promise<void> {
  stopping = new AbortController();
  const parts = { store, readModel, clock: impatient, telemetry: quietTelemetry, log: quietLog };
  projector = new Projector({ ...parts, onApplied: () => undefined });
  const lag = new ProjectionLag(store, projector, impatient);
  projections = new RuntimeProjections({ ...parts, projector, lag });
  running = projector.run(stopping.signal);
  await projector.caughtUp();
}

async function stop(): Promise<void> {
  await projections.stop();
  stopping.abort();
  await running;
}

/** The log folded from its beginning. */
async function oracle(): Promise<Indexed> {
  const [arrays, folding] = [new ArrayReadModel(), new Folding(store)];
  for (let after = START; ;) {
    const { events, next, end } = await store.readAll(after, undefined, 1000);
    const { changes, entries } = await folding.take(events);
    await arrays.apply(changes, entries, next);
    if (end) return arrays;
    after = next;
  }
}

/** Some of everything that is asked. */
async function answersOf(index: Indexed): Promise<object> {
  const at = secondOf(300);
  const [list, events] = [{ limit: 1000 }, { from: START, direction: 'forwards', limit: 1000 } as const];
  return Promise.all([
    index.list({ target: targetOf(1) }, list),
    index.list({}, list),
    index.events({ actor: 'user-1' }, events),
    index.events({ outcome: 'Success', types: ['LockReleased'], target: targetOf(2) }, events),
    index.executionsAt(at, { phase: 'Running' }, list),
    index.holdersAt(targetOf(0), at),
    index.targets(list),
    index.checkpoint(),
    index.size(),
  ]);
}

const rebuilt = () => until('the rebuild to end', async () => (await projections.list())[0]?.rebuild === undefined);

const caughtUp = async (): Promise<boolean> => projector.reached(await store.head(), 30_000);

test('answers are those of the log before, while and after, and what is recorded meanwhile is in them', async () => {
  expect(await answersOf(model)).toEqual(await answersOf(await oracle()));
  expect(await projections.rebuild('read-model')).toBe('Started');
  for (let n = 0; n < 5; n += 1) {
    await appendLives(store, LIVES + n * 10, 10);
    expect(await caughtUp()).toBe(true);
    expect(await answersOf(model)).toEqual(await answersOf(await oracle()));
  }
  await rebuilt();
  expect(await answersOf(model)).toEqual(await answersOf(await oracle()));
  await appendLives(store, LIVES + 50, 10);
  expect(await caughtUp()).toBe(true);
  expect(await answersOf(model)).toEqual(await answersOf(await oracle()));
});

test('what the old one had wrong is right afterwards', async () => {
  const { items } = await model.list({}, { limit: 1 });
  const [row] = items as [(typeof items)[0]];
  const wrong = { ...row, target: 'nowhere', revision: row.revision + 7 };
  await model.apply([{ row: wrong, milestones: {}, position: await store.head() }], [], await store.head());
  expect(await answersOf(model)).not.toEqual(await answersOf(await oracle()));
  await projections.rebuild('read-model');
  await rebuilt();
  expect(await answersOf(model)).toEqual(await answersOf(await oracle()));
});

test('it tells how far it is, and a second one is refused meanwhile', async () => {
  expect(await projections.list()).toEqual([
    { name: 'read-model', position: await store.head(), lagEvents: 0, state: 'current' },
  ]);
  expect([await projections.progress(), await projections.rebuild('rows')]).toEqual([undefined, 'Unknown']);
  const [first, second] = await Promise.all([projections.rebuild('read-model'), projections.rebuild('read-model')]);
  expect([first, second]).toEqual(['Started', 'Running']);
  const [projection] = await projections.list();
  expect([projection?.state, projection?.rebuild?.of]).toEqual(['rebuilding', LIVES * 4]);
  await rebuilt();
  expect(await projections.progress()).toBeUndefined();
});

test('the new file takes the place of the old one, and again, and is found at the next start', async () => {
  const files = () => readdirSync(folder).filter((name) => name.endsWith('.sqlite'));
  expect(files()).toEqual(['rows.sqlite']);
  await projections.rebuild('read-model');
  await rebuilt();
  expect(files()).toEqual(['rows.2.sqlite']);
  await stop();
  await model.close();
  model = await opened();
  expect(await answersOf(model)).toEqual(await answersOf(await oracle()));
  await start(model);
  await projections.rebuild('read-model');
  await rebuilt();
  expect(files()).toEqual(['rows.sqlite']);
  expect(await answersOf(model)).toEqual(await answersOf(await oracle()));
});

test('one that is stopped on the way changes nothing and leaves nothing', async () => {
  await projections.rebuild('read-model');
  await stop();
  expect(existsSync(join(folder, 'rows.2.sqlite'))).toBe(false);
  expect(await answersOf(model)).toEqual(await answersOf(await oracle()));
  await start(model);
});

test('an execution that cannot be read keeps the checkpoint of the new one where it kept that of the old one', async () => {
  await store.append(streamOf(idOf(9_999)), 'none', [eventOf('FromTheFuture', 0, {})]);
  await appendLives(store, LIVES, 3);
  expect(await caughtUp()).toBe(true);
  const held = await model.checkpoint();
  expect(store.compare(held, await store.head())).toBeLessThan(0);
  await projections.rebuild('read-model');
  await rebuilt();
  await appendLives(store, LIVES + 3, 3);
  expect(await caughtUp()).toBe(true);
  // One held by a whole batch of history is held a little earlier: it is read again from there.
  expect(store.compare(await model.checkpoint(), held)).toBeLessThanOrEqual(0);
  expect(await model.size()).toBe((LIVES + 6) * 4 + 1);
});

test('one that cannot be written is given up, and the old one goes on answering', async () => {
  await stop();
  const broken = async (): Promise<Successor> => {
    const successor = await model.successor();
    const apply = () => Promise.reject(new Error('the disk is full'));
    return {
      ...successor,
      model: Object.assign(Object.create(successor.model) as typeof successor.model, {
        apply,
        checkpoint: () => successor.model.checkpoint(),
        size: () => successor.model.size(),
      }),
    };
  };
  const parts = new Proxy(model, {
    get: (target, name) => {
      if (name === 'successor') return broken;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  await start(parts);
  await projections.rebuild('read-model');
  const failed = await until('the failure to be told', async () => (await projections.list())[0]?.failure);
  expect(failed.message).toContain('the disk is full');
  expect((await projections.list())[0]?.state).toBe('current');
  expect(existsSync(join(folder, 'rows.2.sqlite'))).toBe(false);
  expect(await answersOf(model)).toEqual(await answersOf(await oracle()));
});
