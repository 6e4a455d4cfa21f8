import fc from 'fast-check';
import type { Change } from '../src/informer/object-cache.ts';
import type { FakeApiServer } from './support/fake-api-server.ts';
import { Following } from './support/following.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const RUNS = 60;
/** Also ends the search for a smaller failing case. */
const LIMIT_MS = 60_000;

/** What can happen to the objects and to the way to them. */
type Step =
  | { readonly kind: 'put' | 'remove' | 'recreate'; readonly name: string }
  | {
      readonly kind:
        | 'end'
        | 'reset'
        | 'cut'
        | 'stall'
        | 'error'
        | 'compact'
        | 'bookmark'
        | 'refuse-watch'
        | 'refuse-list'
        | 'breathe';
    };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom('put', 'remove', 'recreate'), name: fc.constantFrom(...NAMES) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'end',
        'reset',
        'cut',
        'stall',
        'error',
        'compact',
        'bookmark',
        'refuse-watch',
        'refuse-list',
        'breathe',
      ),
    }),
  },
);

async function play(server: FakeApiServer, happening: Step): Promise<void> {
  switch (happening.kind) {
    case 'put':
      return void server.put(happening.name, { at: server.requests.length });
    case 'remove':
      return server.remove(happening.name);
    case 'recreate':
      return server.recreate(happening.name);
    case 'end':
      return server.endWatches();
    case 'reset':
      return server.resetWatches();
    case 'cut':
      return server.finishWatchesInMidMessage();
    case 'stall':
      return server.stallWatches();
    case 'error':
      return server.failWatches(500);
    case 'compact':
      return server.compact();
    case 'bookmark':
      return server.bookmark();
    case 'refuse-watch':
      return server.plan('watch', { status: 503 });
    case 'refuse-list':
      return server.plan('list', 'reset');
    case 'breathe':
      return new Promise((resolve) => setTimeout(resolve, 3));
  }
}

/** Each uid: added once, then updated with the previous state in hand, then deleted at most once, and nothing after. */
function assertConsistent(changes: readonly Change[]): ReadonlySet<string> {
  const alive = new Map<string, string>();
  const seen = new Set<string>();
  for (const change of changes) {
    const { uid = '', resourceVersion = '' } = change.object.metadata;
    if (change.type === 'added') {
      expect(seen).not.toContain(uid);
      seen.add(uid);
    } else expect(alive.has(uid)).toBe(true);
    if (change.type === 'updated') {
      expect(change.previous.metadata.resourceVersion).toBe(alive.get(uid));
      expect(Number(resourceVersion)).toBeGreaterThan(Number(change.previous.metadata.resourceVersion));
    }
    if (change.type === 'deleted') alive.delete(uid);
    else alive.set(uid, resourceVersion);
  }
  return new Set(alive.keys());
}

describe('an informer in any weather', () => {
  test('ends with what the server holds, and told a consistent story of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        await using following = await Following.of(['a'], { limits: { idleMs: 40, pageSize: 2, maxPages: 10 } });
        for (const happening of steps) await play(following.server, happening);
        await following.caughtUp();
        const alive = assertConsistent(following.changes);
        expect([...alive].sort()).toEqual(
          following.informer
            .list()
            .map(({ metadata }) => metadata.uid)
            .sort(),
        );
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true },
    );
  });
});
