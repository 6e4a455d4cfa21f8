import type { BundleRequest } from '#audit';
import { changed, closed } from '../forging.ts';
import type { World } from '../world.ts';
import { ARCHIVE, streamOfExecution } from '../world.ts';

/* eslint-disable @typescript-eslint/no-explicit-any -- lines are plain JSON here */

/** A name, what is exported ('before': a time before histories were archived), the check that finds it, and how it is done. */
export type Forgery = readonly [name: string, request: BundleRequest | 'before', expected: string, forge: Forge];

interface Bundle {
  readonly lines: readonly string[];
  readonly world: World;
}

export const parsed = (line: string): any => JSON.parse(line);

/** Index of the nth line of which this holds; from the end when negative. */
export function at(lines: readonly string[], holds: (line: any) => boolean, nth = 0): number {
  const found = lines.flatMap((line, index) => (holds(parsed(line)) ? [index] : []));
  return found.at(nth)!;
}

export const isKind =
  (kind: string) =>
  (line: any): boolean =>
    line.kind === kind;
export const isStubOf =
  (id: string) =>
  (line: any): boolean =>
    line.kind === 'stub' && line.stub.stream === streamOfExecution(id);
export const isClaimOf =
  (id: string) =>
  (line: any): boolean =>
    line.event?.type === 'ExecutionArchived' && line.event.stream === streamOfExecution(id);
const isEventOf =
  (id: string) =>
  (line: any): boolean =>
    line.kind === 'event' && line.event.stream === streamOfExecution(id);

export type Forge = (bundle: Bundle) => Promise<readonly string[]> | readonly string[];

export const change =
  (holds: (line: any) => boolean, nth: number, how: (line: any) => void): Forge =>
  ({ lines }) =>
    lines.with(at(lines, holds, nth), changed(lines[at(lines, holds, nth)]!, how));

export const inside =
  (forge: Forge): Forge =>
  async (bundle) =>
    closed(await forge(bundle), bundle.world.key);

/** Takes the content out of an event, and says that it is in an archive. */
export const blank =
  (id: string, archive = ARCHIVE): Forge =>
  ({ lines }) => {
    const place = at(lines, isEventOf(id));
    return lines.with(
      place,
      changed(lines[place]!, (line) => {
        const { data, metadata, ...stub } = line.event;
        void [data, metadata];
        line.stub = { ...stub, archive };
        line.kind = 'stub';
        delete line.event;
      }),
    );
  };

export const drop =
  (holds: (line: any) => boolean, nth = 0): Forge =>
  ({ lines }) =>
    lines.toSpliced(at(lines, holds, nth), 1);
