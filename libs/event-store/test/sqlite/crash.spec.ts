import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { EventStore } from '#event-store';
import { openSqliteEventStore, verifyChain } from '#event-store';
import { TemporaryFolder } from '../folders.ts';
import { everything, streamOf } from '../log.ts';

const ROUNDS = 50;
const LANES = 4;
const BATCH = 5;

/** Runs the writer process until `acks` acknowledgements were seen, kills it with -9, and answers what it had said. */
async function killedWriter(file: string, round: number, acks: number): Promise<Map<string, number>> {
  const script = join(import.meta.dirname, 'writer-process.js');
  const child = spawn(process.execPath, [script, file, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged = new Map<string, number>();
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [kind, stream, revision] = JSON.parse(line) as [string, string, number];
    if (kind === 'try' && !acknowledged.has(stream)) acknowledged.set(stream, -1);
    if (kind !== 'ack') continue;
    acknowledged.set(stream, revision);
    seen += 1;
    if (seen === acks) child.kill('SIGKILL');
  }
  await exited(child);
  return acknowledged;
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.signalCode !== null || child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
  });
}

describe(`a process killed with -9 in the middle of appends, ${ROUNDS} rounds on one file`, () => {
  const folder = new TemporaryFolder();
  /** Last acknowledged revision of every stream that was begun, -1 for none. */
  const said = new Map<string, number>();
  let store: EventStore;

  beforeAll(async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const acknowledged = await killedWriter(folder.file(), round, 1 + (round % 7));
      for (const [stream, revision] of acknowledged) said.set(stream, revision);
    }
    store = await openSqliteEventStore({ file: folder.file() });
  });
  afterAll(async () => {
    await store.close();
    folder[Symbol.dispose]();
  });

  test('kill-9-after-ack-keeps-event', async () => {
    expect([...said.values()].filter((revision) => revision >= 0).length).toBeGreaterThanOrEqual(ROUNDS);
    for (const [stream, revision] of said) {
      expect((await streamOf(store, stream)).length).toBeGreaterThan(revision);
    }
  });

  test('kill-9-before-ack-all-or-nothing', async () => {
    expect(said.size).toBe(ROUNDS * LANES);
    for (const stream of said.keys()) {
      const events = await streamOf(store, stream);
      expect(events.length % BATCH).toBe(0);
      expect(verifyChain(events)).toBeUndefined();
    }
    const numbers = (await everything(store)).map((event) => Number(event.position.split(':').at(-1)));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});
