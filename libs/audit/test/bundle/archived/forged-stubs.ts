import { changed } from '../forging.ts';
import { ARCHIVE, streamOfExecution } from '../world.ts';
import type { Forgery } from './forge.ts';
import { at, blank, change, drop, inside, isStubOf, parsed } from './forge.ts';
import { ALL, ONE } from './world.ts';

const OTHER = 'archive-20260301T100000Z-ffffffff.ndjson.gz';

/** Events without content that were not archived so. */
export const FORGED_STUBS: readonly Forgery[] = [
  ['an event of another history blanked', ALL, 'StubUnclaimed', inside(blank('gamma'))],
  [
    'an event of a single history blanked',
    { kind: 'execution', executionId: 'gamma' },
    'StubUnclaimed',
    inside(blank('gamma')),
  ],
  ['an event of a time blanked', 'before', 'StubUnclaimed', inside(blank('gamma'))],
  [
    'an event that is no execution blanked',
    ALL,
    'StubUnclaimed',
    inside((bundle) => {
      const place = at(bundle.lines, (line) => line.kind === 'event' && line.event.stream === 'seal-log');
      return bundle.lines.with(
        place,
        changed(bundle.lines[place]!, (line) => {
          const { data, metadata, ...stub } = line.event;
          void [data, metadata];
          Object.assign(line, { kind: 'stub', stub: { ...stub, archive: ARCHIVE } });
          delete line.event;
        }),
      );
    }),
  ],
  [
    'all stubs in another archive',
    ALL,
    'StubUnclaimed',
    inside(({ lines }) =>
      lines.map((text) =>
        isStubOf('beta')(parsed(text)) ? changed(text, (line) => (line.stub.archive = OTHER)) : text,
      ),
    ),
  ],
  [
    'one stub in another archive',
    ALL,
    'StubUnclaimed',
    inside(change(isStubOf('beta'), 1, (line) => (line.stub.archive = OTHER))),
  ],
  [
    'a stub with another archive, end line left',
    ONE,
    'StubUnclaimed',
    change(isStubOf('beta'), 1, (line) => (line.stub.archive = OTHER)),
  ],
  [
    'a stub with another hash',
    ALL,
    'PreviousHashDiffers',
    inside(change(isStubOf('beta'), 0, (line) => (line.stub.hash = 'ab'.repeat(32)))),
  ],
  [
    'the last stub with another hash',
    ONE,
    'ProofDiffers',
    inside(change(isStubOf('beta'), -1, (line) => (line.stub.hash = 'ab'.repeat(32)))),
  ],
  [
    'a stub with another revision',
    ONE,
    'RevisionMissing',
    inside(change(isStubOf('beta'), 1, (line) => (line.stub.revision = 7))),
  ],
  [
    'a stub of another type',
    ALL,
    'DigestDiffers',
    change(isStubOf('beta'), 1, (line) => (line.stub.type = 'OtherHappened')),
  ],
  ['a stub of no archive', ALL, 'Malformed', change(isStubOf('beta'), 1, (line) => (line.stub.archive = '../escape'))],
  ['a stub with a member more', ALL, 'Malformed', change(isStubOf('beta'), 1, (line) => (line.stub.data = {}))],
  ['a stub left out', ALL, 'OrdinalDiffers', inside(drop(isStubOf('beta'), 1))],
  ['a stub left out of a history', ONE, 'RevisionMissing', inside(drop(isStubOf('beta'), 1))],
  [
    'a stub of another history',
    ONE,
    'ForeignEvent',
    inside(change(isStubOf('beta'), 1, (line) => (line.stub.stream = streamOfExecution('gamma')))),
  ],
];
