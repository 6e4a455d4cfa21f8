import { createHash } from 'node:crypto';
import type { SealKey, SealEventType } from '#event-store';
import { canonicalJson, hashOf, signedBytes } from '#event-store';

/* eslint-disable @typescript-eslint/no-explicit-any -- lines are plain JSON here */
type Line = any;

/** A line of a bundle, changed. */
export function changed(text: string, change: (line: Line) => void): string {
  const line: Line = JSON.parse(text);
  change(line);
  return canonicalJson(line, 'line');
}

/** Gives an event the hash that what it says now has. */
export function rehash({ event }: Line): void {
  event.hash = hashOf(event.previousHash as string, event);
}

/** Signs a key or seal line again, and gives it its hash. */
export async function resigned(text: string, key: SealKey, change: (data: Line) => void): Promise<string> {
  const line: Line = JSON.parse(text);
  const { event } = line;
  change(event.data);
  event.data.signature = Buffer.from(await key.sign(signedBytes(event.type as SealEventType, event.data))).toString(
    'base64',
  );
  rehash(line);
  return canonicalJson(line, 'line');
}

/** With an end line that fits what comes before it: what somebody does who changed something, and holds a key or none. */
export async function closed(lines: readonly string[], key: SealKey | undefined): Promise<string[]> {
  const before = lines.slice(0, -1);
  const end: Line = JSON.parse(lines.at(-1)!);
  const count = (kind: string): number => before.filter((line) => line.includes(`,"kind":"${kind}"`)).length;
  const events = count('event') + stubCount(before);
  const unsealed = end.counts.unsealed + events - end.counts.events;
  Object.assign(end.counts, {
    claims: count('claim'),
    events,
    keys: count('key'),
    seals: count('seal'),
    streams: count('stream'),
    stubs: stubCount(before),
  });
  end.counts.unsealed = Math.max(0, unsealed);
  end.sha256 = createHash('sha256')
    .update(before.map((line) => `${line}\n`).join(''))
    .digest('hex');
  end.keyId = key?.keyId ?? null;
  const signed = canonicalJson({ ...end, signature: undefined }, 'end');
  const bytes = Buffer.from(`workflow-execution/bundle/1\n${signed}`);
  end.signature = key === undefined ? null : Buffer.from(await key.sign(bytes)).toString('base64');
  return [...before, canonicalJson(end, 'end')];
}

const stubCount = (lines: readonly string[]): number =>
  lines.filter((line) => line.startsWith('{"kind":"stub"')).length;
