import type { EventTexts, RecordedEvent } from '#event-store';
import { START } from '#event-store';
import { streamOf } from '#execution';
import type { ArchiveFiles, Delivery, Runtime, Webhook, WrittenArchive } from '#runtime';
import { ARCHIVE_STREAM } from '#runtime';
import { MemoryWorld } from '../support/memory-world.ts';

const HOUR_MS = 3_600_000;
const AFTER_MS = 3 * HOUR_MS;

/** Files in memory: what was written, and what goes wrong with it. */
class MemoryArchives implements ArchiveFiles {
  readonly written: WrittenArchive[] = [];
  fault: Error | undefined;
  /** Called when a file is there, and nothing is recorded of it yet. */
  afterWrite: () => Promise<void> = async () => undefined;

  constructor(private readonly world: MemoryWorld) {}

  async write(executionIds: readonly string[]): Promise<WrittenArchive> {
    if (this.fault !== undefined) throw this.fault;
    const executions = [];
    for (const executionId of executionIds)
      executions.push({ executionId, events: (await this.world.events(executionId)).length });
    const file = `archive-${this.written.length + 1}.ndjson.gz`;
    const written = { archive: { file, sha256: 'a'.repeat(64) }, bytes: 1, executions };
    this.written.push(written);
    await this.afterWrite();
    return written;
  }
}

let world: MemoryWorld;
let files: MemoryArchives;

beforeEach(async () => {
  world = await MemoryWorld.open({ ttlAfterFinishedMs: 1_000 });
  files = new MemoryArchives(world);
});
afterEach(() => world.close());

const replica = (): Promise<Runtime> => world.replica({ archiving: { files, afterMs: AFTER_MS } });

/** An execution that has ended, whose lock is free and whose resource is gone. */
async function closed(runtime: Runtime, name: string): Promise<string> {
  const id = await world.create(runtime, world.spec('echo', { targetResource: `world/deployment/${name}` }), name);
  await world.recorded(id, 'ResourceRemoved');
  return id;
}

const texts = async (id: string): Promise<readonly EventTexts['kind'][]> => {
  const { entries } = await world.store.readTexts(START, 1_000);
  return entries
    .filter((entry) => entry.kind !== 'unreadable' && entry.stream === streamOf(id))
    .map(({ kind }) => kind);
};

/** One more event, though it is closed. */
async function goOn(id: string, type = 'StatusDriftCorrected'): Promise<void> {
  const { events } = await world.store.readStream(streamOf(id));
  const last = events.at(-1)!;
  const next = { ...last, id: crypto.randomUUID(), type, data: { fields: ['phase'] } };
  await world.store.append(streamOf(id), last.revision, [next]);
}

const isArchived = async (id: string): Promise<boolean> => (await texts(id)).includes('archived');

test('the history of a closed execution goes to a file when it is old enough, and not before', async () => {
  const runtime = await replica();
  const id = await closed(runtime, 'one');
  const before = await world.events(id);
  await world.clock.advance(AFTER_MS - HOUR_MS);
  expect(files.written).toEqual([]);
  await world.clock.advance(HOUR_MS);
  await world.until('it to be archived', () => isArchived(id));
  expect(files.written[0]?.executions).toEqual([{ executionId: id, events: before.length }]);
  expect(await texts(id)).toEqual([...before.map(() => 'archived'), 'whole']);
  expect(await world.types(id)).toEqual(['ExecutionArchived']);
});

test('which file has which history is in the log', async () => {
  const runtime = await replica();
  const ids = [await closed(runtime, 'one'), await closed(runtime, 'two')];
  await world.clock.advance(AFTER_MS);
  await world.until('both to be archived', async () => (await isArchived(ids[0]!)) && (await isArchived(ids[1]!)));
  const { events } = await world.store.readStream(ARCHIVE_STREAM);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ type: 'ArchiveWritten', data: files.written[0] as unknown as object });
});

test('an archived execution is still known: state, status and list are what they were', async () => {
  const runtime = await replica();
  const id = await closed(runtime, 'one');
  const before = await world.within(runtime.service.get(id));
  await world.clock.advance(AFTER_MS);
  await world.until('it to be archived', () => isArchived(id));
  for (const service of [runtime.service, (await replica()).service]) {
    const after = await world.within(service.get(id));
    const { archived, ...execution } = after?.execution as { archived?: object };
    expect(execution).toEqual(before?.execution);
    expect(archived).toMatchObject({ archive: { file: 'archive-1.ndjson.gz' } });
    expect({ ...after?.status, execution: undefined }).toEqual({ ...before?.status, execution: undefined });
    const { items } = await world.within(service.list({ target: 'world/deployment/one' }, { limit: 10 }));
    expect(items).toEqual([expect.objectContaining({ id, outcome: 'Success', archive: 'archive-1.ndjson.gz' })]);
  }
});

test('its target can be worked on as before', async () => {
  const runtime = await replica();
  const id = await closed(runtime, 'one');
  await world.clock.advance(AFTER_MS);
  await world.until('it to be archived', () => isArchived(id));
  const again = await closed(runtime, 'one');
  expect(await world.types(again)).toContain('ExecutionCompleted');
});

test('what still has its resource stays in the log whole', async () => {
  const other = await MemoryWorld.open();
  const runtime = await other.replica({ archiving: { files: new MemoryArchives(other), afterMs: 1_000 } });
  const id = await other.create(runtime, other.spec('echo'));
  await other.recorded(id, 'LockReleased');
  await other.clock.advance(HOUR_MS);
  expect(await other.types(id)).toContain('ExecutionCreated');
  await other.close();
});

describe('cut short', () => {
  test('a file of which nothing is recorded is written again, under another name', async () => {
    const runtime = await replica();
    const id = await closed(runtime, 'one');
    files.afterWrite = async () => {
      files.afterWrite = async () => undefined;
      throw new Error('the disk is full');
    };
    await world.clock.advance(AFTER_MS);
    await world.until('it to be archived', () => isArchived(id));
    expect(files.written.map(({ archive }) => archive.file)).toEqual(['archive-1.ndjson.gz', 'archive-2.ndjson.gz']);
    expect(await world.types(id)).toEqual(['ExecutionArchived']);
  });

  test('what was recorded and not let go is let go by the next leader', async () => {
    const runtime = await replica();
    const ids = [await closed(runtime, 'one'), await closed(runtime, 'two')];
    const archive = world.store.archive.bind(world.store);
    let isBroken = true;
    world.store.archive = async (...args) => {
      if (isBroken && args[0] === streamOf(ids[1]!)) throw new Error('power off');
      return archive(...args);
    };
    await world.clock.advance(AFTER_MS);
    await world.until('the first to be archived', () => isArchived(ids[0]!));
    expect(await isArchived(ids[1]!)).toBe(false);
    isBroken = false;
    await world.within(runtime.stop());
    await replica();
    await world.until('the second to be archived', () => isArchived(ids[1]!));
    expect(files.written).toHaveLength(1);
  });

  test('so is what was not let go when somebody else, who also took itself for the leader, recorded an archive after it', async () => {
    const runtime = await replica();
    const id = await closed(runtime, 'one');
    const archive = world.store.archive.bind(world.store);
    world.store.archive = () => Promise.reject(new Error('power off'));
    await world.clock.advance(AFTER_MS);
    await world.recorded(id, 'ExecutionArchived');
    await world.within(runtime.stop());
    const [written] = (await world.store.readStream(ARCHIVE_STREAM)).events;
    const other = { archive: { file: 'archive-other.ndjson.gz', sha256: 'b'.repeat(64) }, bytes: 1, executions: [] };
    const event = { ...written!, id: '00000000-0000-4000-8000-00000000000b', data: other };
    await world.store.append(ARCHIVE_STREAM, written!.revision, [event]);
    world.store.archive = archive;
    await replica();
    await world.until('it to be archived', () => isArchived(id));
    expect(files.written).toHaveLength(1);
  });

  test('a history that went on after its file was written waits for another file', async () => {
    const runtime = await replica();
    const id = await closed(runtime, 'one');
    files.afterWrite = async () => {
      files.afterWrite = async () => undefined;
      await goOn(id);
    };
    await world.clock.advance(AFTER_MS);
    await world.until('a file', () => files.written.length === 1);
    await world.clock.advance(HOUR_MS);
    await world.until('two files', () => files.written.length > 1);
    await world.until('it to be archived', () => isArchived(id));
    const [first, second] = files.written.map(({ executions }) => executions[0]?.events ?? 0);
    expect(second).toBe((first ?? 0) + 1);
    expect((await texts(id)).filter((kind) => kind === 'whole')).toHaveLength(1);
  });
});

describe('with a webhook', () => {
  /** What its receiver answers. */
  let delivery: Delivery;
  const webhook: Webhook = {
    ...{ name: 'pager', url: 'https://pager.example.test/', begin: 'start', wants: async () => true },
    sender: { send: async () => delivery },
  };
  const withWebhook = (): Promise<Runtime> =>
    world.replica({ archiving: { files, afterMs: AFTER_MS }, webhooks: [webhook] });

  test('what it has not delivered stays in the log until it has', async () => {
    delivery = { kind: 'Failed', error: 'HTTP 503' };
    const id = await closed(await withWebhook(), 'one');
    await world.clock.advance(AFTER_MS + 2 * HOUR_MS);
    expect([files.written, await isArchived(id)]).toEqual([[], false]);
    delivery = { kind: 'Delivered' };
    await world.clock.advance(2 * HOUR_MS);
    await world.until('it to be archived', () => isArchived(id));
  });

  test('a receiver that wants nothing more is not waited for', async () => {
    delivery = { kind: 'Gone', error: 'HTTP 410' };
    const id = await closed(await withWebhook(), 'one');
    await world.clock.advance(AFTER_MS + HOUR_MS);
    await world.until('it to be archived', () => isArchived(id));
  });

  describe('and a replay from before', () => {
    const REPLAY = [START, 'again', { actor: { user: 'olivia' }, source: 'rest' }] as const;
    /** What it took, in order. */
    let taken: RecordedEvent[];
    const taking: Webhook = {
      ...webhook,
      sender: {
        send: async (event) => {
          if (delivery.kind === 'Delivered') taken.push(event);
          return delivery;
        },
      },
    };
    const withTaking = (): Promise<Runtime> =>
      world.replica({ archiving: { files, afterMs: AFTER_MS }, webhooks: [taking] });
    const typesTaken = (): readonly string[] => taken.map(({ type }) => type);
    beforeEach(() => {
      taken = [];
      delivery = { kind: 'Delivered' };
    });

    test('that is asked for while a history is being archived gets all of it, and then the texts go', async () => {
      const runtime = await withTaking();
      const id = await closed(runtime, 'one');
      const before = await world.types(id);
      files.afterWrite = async () => {
        taken = [];
        delivery = { kind: 'Failed', error: 'HTTP 503' };
        await runtime.webhooks.replay('pager', ...REPLAY);
      };
      await world.clock.advance(AFTER_MS + 6 * HOUR_MS);
      expect([files.written.length, await isArchived(id)]).toEqual([1, false]);
      delivery = { kind: 'Delivered' };
      await world.until('it to be archived', () => isArchived(id));
      expect(typesTaken()).toEqual([...before, 'ExecutionArchived']);
      expect(files.written).toHaveLength(1);
    });

    test('that another replica was asked for counts at once, also before the one that leads has heard of it', async () => {
      const runtime = await withTaking();
      const id = await closed(runtime, 'one');
      const subscribe = world.store.subscribe.bind(world.store);
      await world.within(runtime.stop());
      world.store.subscribe = (after, filter, signal) =>
        subscribe(
          after,
          filter?.streamPrefixes?.[0] === 'webhook-pager' ? { streamPrefixes: ['nothing'] } : filter,
          signal,
        );
      const deaf = await withTaking();
      await world.until('it to be served', async () => (await deaf.webhooks.list())[0]?.lag.events === 0);
      await world.within(deaf.webhooks.replay('pager', ...REPLAY));
      await world.clock.advance(AFTER_MS + 6 * HOUR_MS);
      expect([files.written, await isArchived(id)]).toEqual([[], false]);
      world.store.subscribe = subscribe;
    });

    test('is answered with the files that have what it cannot deliver, and brings what stands for it', async () => {
      const runtime = await withTaking();
      const ids = [await closed(runtime, 'one'), await closed(runtime, 'two')];
      const lastOf = async (id: string) => (await world.events(id)).at(-1)!.position;
      const places = await Promise.all(ids.map(lastOf));
      await world.clock.advance(AFTER_MS);
      await world.until('both to be archived', async () => (await isArchived(ids[0]!)) && (await isArchived(ids[1]!)));
      taken = [];
      const answer = await world.within(runtime.webhooks.replay('pager', ...REPLAY));
      expect(answer).toMatchObject({ archived: { executions: 2, files: ['archive-1.ndjson.gz'] } });
      await world.until('all there is', () => taken.length >= 2);
      expect(typesTaken()).toEqual(['ExecutionArchived', 'ExecutionArchived']);
      const [, reason, context] = REPLAY;
      const [earlier, later] = await Promise.all(
        places.map((from) => world.within(runtime.webhooks.replay('pager', from, reason, context))),
      );
      expect(earlier?.archived?.executions).toBe(2);
      expect(later).not.toHaveProperty('archived');
    });
  });
});

test('histories that go on each time are written once at each look, not one file after the other', async () => {
  const runtime = await replica();
  const id = await closed(runtime, 'one');
  files.afterWrite = () => goOn(id);
  await world.clock.advance(AFTER_MS + HOUR_MS);
  expect(files.written.length).toBeLessThanOrEqual(2);
  expect(await isArchived(id)).toBe(false);
});

test('one that a newer version wrote to stays, and the others do not wait for it', async () => {
  const runtime = await replica();
  const [newer, other] = [await closed(runtime, 'one'), await closed(runtime, 'two')];
  await goOn(newer, 'FromTheFuture');
  await world.clock.advance(AFTER_MS);
  await world.until('the other to be archived', () => isArchived(other));
  expect(await isArchived(newer)).toBe(false);
});

test('files that cannot be written leave the log as it is', async () => {
  const runtime = await replica();
  const id = await closed(runtime, 'one');
  files.fault = new Error('no space left');
  await world.clock.advance(AFTER_MS + HOUR_MS);
  expect(await isArchived(id)).toBe(false);
  expect(await world.types(id)).not.toContain('ExecutionArchived');
});
