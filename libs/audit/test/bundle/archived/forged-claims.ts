import { changed, rehash } from '../forging.ts';
import type { Forgery } from './forge.ts';
import { at, change, drop, inside, isClaimOf, isKind } from './forge.ts';
import { ALL, UNSEALED_CLAIM } from './world.ts';

/** Events that say of histories that they were archived, and should not. */
export const FORGED_CLAIMS: readonly Forgery[] = [
  [
    'a claim of fewer events, hash made to fit',
    UNSEALED_CLAIM,
    'StubUnclaimed',
    inside(
      change(isClaimOf('alpha'), 0, (line) => {
        line.event.data.events = 2;
        rehash(line);
      }),
    ),
  ],
  [
    'a claim without the digest of its file',
    UNSEALED_CLAIM,
    'StubUnclaimed',
    inside(
      change(isClaimOf('alpha'), 0, (line) => {
        delete line.event.data.archive.sha256;
        rehash(line);
      }),
    ),
  ],
  [
    'a claim under another type',
    UNSEALED_CLAIM,
    'StreamHeadDiffers',
    inside(
      change(isClaimOf('alpha'), 0, (line) => {
        line.event.type = 'SampleHappened';
        rehash(line);
      }),
    ),
  ],
  ['no claim', 'before', 'StubUnclaimed', inside(drop(isKind('claim')))],
  [
    'a claim of a history that needs none',
    'before',
    'Misplaced',
    inside(({ lines }) => {
      const place = at(lines, isKind('claim'));
      return lines.toSpliced(place + 1, 0, lines[place]!);
    }),
  ],
  [
    'a claim that says something else',
    'before',
    'HashDiffers',
    inside(change(isKind('claim'), 0, (line) => (line.event.data.outcome = 'Failure'))),
  ],
  [
    'a claim that is another event',
    'before',
    'Malformed',
    inside(change(isKind('claim'), 0, (line) => (line.event.type = 'SampleHappened'))),
  ],
  [
    'a claim from before the stubs',
    'before',
    'RevisionMissing',
    inside(change(isKind('claim'), 0, (line) => (line.event.revision = 0))),
  ],
  [
    'a claim where a run has none',
    ALL,
    'Misplaced',
    inside(({ lines }) => {
      const text = lines[at(lines, isClaimOf('beta'))]!;
      const claim = changed(text, (line) => {
        line.kind = 'claim';
        delete line.ordinal;
      });
      return lines.toSpliced(at(lines, isKind('stream')), 0, claim);
    }),
  ],
];
