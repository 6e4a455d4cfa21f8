import { hash } from 'node:crypto';
import { verifyLog } from '#audit';
import type { EventStore, WholeTexts } from '#event-store';
import { hashedTextOf, merkleRoot, openSqliteEventStore, START } from '#event-store';
import { sealedLog } from '../audit/sealed-log.ts';
import type { Measure } from './table.ts';

/** So many that starting threads counts for little. */
const EVENTS = 300_000;
const SEALS = 60;
/** About what an event of an execution holds. */
const TEXT_LENGTH = 600;
const ROUNDS = 3;
const MIB = 1024 * 1024;

/** How fast a sealed log is verified, against hashing alone, and what it takes in memory. */
export async function verifyMeasures(): Promise<readonly Measure[]> {
  const log = await sealedLog({ events: EVENTS, seals: SEALS, textLength: TEXT_LENGTH, isBare: true });
  const store = await openSqliteEventStore({ file: log.file });
  try {
    return await measured(store);
  } finally {
    await store.close();
    log.remove();
  }
}

async function measured(store: EventStore): Promise<readonly Measure[]> {
  const rate = EVENTS / (await best(() => mustBeGood(store)));
  const growth = (await peakGrowth(store)) / MIB;
  const same = EVENTS / (await hashing(store, hashedOnce));
  const all = EVENTS / (await hashing(store, hashedTwice));
  return [
    {
      what: `verify ${EVENTS.toLocaleString('en')} sealed events`,
      value: `${rate.toFixed(0)}/s`,
      floor: `${same.toFixed(0)}/s (SHA-256 of the same events)`,
      ratio: (rate / same).toFixed(2),
      aim: '0.5',
    },
    {
      what: 'the same, against all the hashes it takes',
      value: `${rate.toFixed(0)}/s`,
      floor: `${all.toFixed(0)}/s (events, leaves and nodes of the tree)`,
      ratio: (rate / all).toFixed(2),
    },
    { what: 'memory (RSS) at its peak, above that after a tenth', value: `${growth.toFixed(1)} MiB` },
  ];
}

async function mustBeGood(store: EventStore): Promise<void> {
  const { ok, events, seals } = await verifyLog(store);
  if (!ok || events !== EVENTS || seals !== SEALS) throw new Error('expected a good log, found damage');
}

/** How much more than in its beginning the process holds while a verification goes on: flat, when it is bounded. */
async function peakGrowth(store: EventStore): Promise<number> {
  let early = 0;
  let peak = 0;
  await verifyLog(store, {
    onProgress: ({ events }) => {
      const rss = process.memoryUsage.rss();
      if (events <= EVENTS / 10) early = rss;
      else peak = Math.max(peak, rss);
    },
  });
  return peak - early;
}

/** Seconds, of the best of some rounds. */
async function best(act: () => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const beganMs = performance.now();
    await act();
    least = Math.min(least, (performance.now() - beganMs) / 1000);
  }
  return least;
}

/** Seconds it takes to hash what was read before, page by page; reading is not counted. */
async function hashing(store: EventStore, hashed: (texts: readonly string[]) => void): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    let seconds = 0;
    for (let after = START, end = false; !end;) {
      const slice = await store.readTexts(after);
      const texts = slice.entries.map((entry) =>
        flat(hashedTextOf((entry as WholeTexts).previousHash, entry as WholeTexts)),
      );
      const beganMs = performance.now();
      hashed(texts);
      seconds += (performance.now() - beganMs) / 1000;
      ({ next: after, end } = slice);
    }
    least = Math.min(least, seconds);
  }
  return least;
}

function hashedOnce(texts: readonly string[]): void {
  for (const text of texts) hash('sha256', text, 'hex');
}

function hashedTwice(texts: readonly string[]): void {
  merkleRoot(texts.map((text) => hash('sha256', text, 'hex')));
}

/** In one piece: a text that was put together is not, until somebody reads it through. */
const flat = (text: string): string => Buffer.from(text).toString();
