import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { RecordedEvent, Upcasters } from '#event-store';
import { hashOf } from '#event-store';

/**
 * A golden file is one event as some version of the program wrote it, with its hash, and what the program of today must
 * read it as. It is added with the version and never changed after, except for `current` when a newer version comes.
 */
export interface GoldenEvent {
  readonly written: RecordedEvent;
  readonly current: Pick<RecordedEvent, 'schemaVersion' | 'data'>;
}

export interface GoldenFault {
  readonly file: string;
  readonly fault: string;
}

export function goldenEvents(folder: string): [file: string, golden: GoldenEvent][] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as GoldenEvent]);
}

/**
 * Replays every golden file of a folder: its hash still verifies as written, and it upcasts to exactly what it says.
 * Every version of every type the upcasters know must have a file. Answers what does not hold; empty when all is well.
 */
export function replayGolden(folder: string, upcasters: Upcasters): GoldenFault[] {
  const events = goldenEvents(folder);
  const faults = events.flatMap(([file, golden]) => faultsOf(golden, upcasters).map((fault) => ({ file, fault })));
  return [...faults, ...missing(events, upcasters)];
}

function faultsOf({ written, current }: GoldenEvent, upcasters: Upcasters): string[] {
  const faults: string[] = [];
  if (hashOf(written.previousHash, written) !== written.hash) faults.push('the hash does not verify');
  const expectedVersion = upcasters.current[written.type];
  if (expectedVersion !== current.schemaVersion) {
    faults.push(`current is version ${current.schemaVersion}, the program is at ${expectedVersion}`);
  }
  const { schemaVersion, data } = upcasters.upcast(written);
  if (!isDeepStrictEqual({ schemaVersion, data }, current)) faults.push(`upcasts to ${JSON.stringify(data)}`);
  return faults;
}

function missing(events: readonly [string, GoldenEvent][], upcasters: Upcasters): GoldenFault[] {
  const there = new Set(events.map(([, { written }]) => `${written.type}.v${written.schemaVersion}`));
  return Object.entries(upcasters.current)
    .flatMap(([type, current]) => Array.from({ length: current }, (_, index) => `${type}.v${index + 1}`))
    .filter((version) => !there.has(version))
    .map((version) => ({ file: `${version}.json`, fault: 'there is no golden file for this version' }));
}
