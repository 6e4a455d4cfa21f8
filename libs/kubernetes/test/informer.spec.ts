import type { Change } from '../src/informer/object-cache.ts';
import { Following } from './support/following.ts';
import { until } from '../../../test/support/until.ts';
import { within } from '../../../test/support/within.ts';
import { statusObject } from './support/fake-api-server.ts';

describe('an informer follows the cluster', () => {
  test('it tells what is there, then what changes, and drops managed fields', async () => {
    await using following = await Following.of(['a', 'b']);
    following.server.put('c');
    following.server.put('a', { size: 2 });
    following.server.remove('b');
    await following.caughtUp();
    expect(following.told).toEqual(['added a', 'added b', 'added c', 'updated a', 'deleted b']);
    expect(following.informer.get({ namespace: 'default', name: 'a' })?.spec).toEqual({ size: 2 });
    expect(following.informer.get({ namespace: 'default', name: 'a' })?.metadata).not.toHaveProperty('managedFields');
  });

  test('an update is told with the state before it', async () => {
    await using following = await Following.of(['a']);
    following.server.put('a', { size: 2 });
    await following.caughtUp();
    expect(following.changes.at(-1)).toMatchObject({
      type: 'updated',
      previous: { spec: {} },
      object: { spec: { size: 2 } },
    });
  });

  test('a long list is read in pages', async () => {
    const names = Array.from({ length: 7 }, (_, i) => `w${i}`);
    await using following = await Following.of(names, { limits: { pageSize: 3 } });
    expect(following.informer.size).toBe(7);
    expect(following.lists).toBe(3);
  });

  test('indexes find objects, and forget them', async () => {
    await using following = await Following.of([], {
      indexes: { owner: ({ metadata }) => metadata.labels?.['owner'] },
    });
    const owned = () => following.informer.byIndex('owner', 'x').map(({ metadata }) => metadata.name);
    following.server.put('a', {}, { owner: 'x' });
    following.server.put('b', {}, { owner: 'x' });
    await following.caughtUp();
    expect(owned()).toEqual(['a', 'b']);
    following.server.put('a', {}, { owner: 'y' });
    following.server.remove('b');
    await following.caughtUp();
    expect(owned()).toEqual([]);
    expect(() => following.informer.byIndex('colour', 'x')).toThrow('expected one of the indexes owner');
  });

  test('a transform decides what is kept', async () => {
    await using following = await Following.of(['a'], { transform: (object) => ({ ...object, spec: 'dropped' }) });
    expect(following.informer.list()[0]?.spec).toBe('dropped');
  });

  test('what a handler throws, now or later, is reported and stops nothing', async () => {
    const later = (change: Change): unknown =>
      change.object.metadata.name === 'a' ? Promise.reject(new Error('later')) : undefined;
    await using following = await Following.of(['a'], { onChange: later });
    await until('the rejection is reported', () => following.news.some(({ kind }) => kind === 'callback-threw'));
    await using loud = await Following.of(['a'], {
      onChange: () => {
        throw new Error('now');
      },
    });
    loud.server.put('b');
    await loud.caughtUp();
    expect(loud.news.filter(({ kind }) => kind === 'callback-threw')).toHaveLength(2);
  });
});

describe('an informer survives', () => {
  /** Each leaves an open watch broken; the change after it must arrive, and without a second list. */
  const CUTS: Record<string, (following: Following) => void> = {
    'a clean end of the watch': ({ server }) => server.endWatches(),
    'a reset connection': ({ server }) => server.resetWatches(),
    'a connection that ends in the middle of a message': ({ server }) => server.finishWatchesInMidMessage(),
    'a server error told inside the watch': ({ server }) => server.failWatches(500),
    'HTTP 500 to a watch': ({ server }) => {
      server.plan('watch', { status: 500, body: 'oops' });
      server.endWatches();
    },
    'a reset in the middle of a request': ({ server }) => {
      server.plan('watch', 'reset');
      server.endWatches();
    },
  };

  for (const [weather, cut] of Object.entries(CUTS)) {
    test(`${weather}, and resumes where it was`, async () => {
      await using following = await Following.of(['a', 'b']);
      cut(following);
      following.server.put('c');
      following.server.remove('a');
      following.server.put('b', { size: 2 });
      await following.caughtUp();
      expect(following.told).toEqual(['added a', 'added b', 'added c', 'deleted a', 'updated b']);
      expect(following.lists).toBe(1);
    });
  }

  /** Each makes it list again, which must tell the difference: deleted, new, changed, and another object under a name. */
  const GONE: Record<string, (following: Following) => void> = {
    '410 told inside the watch': ({ server }) => server.endWatches(),
    '410 as the answer to a watch': ({ server }) => {
      server.plan('watch', { status: 410, body: statusObject(410, 'Expired', 'too old') });
      server.endWatches();
    },
  };

  for (const [weather, cut] of Object.entries(GONE)) {
    test(`${weather}, and tells the difference`, async () => {
      await using following = await Following.of(['gone', 'reborn', 'changed', 'same']);
      const before = following.changes.length;
      cut(following);
      following.server.remove('gone');
      following.server.recreate('reborn');
      following.server.put('changed', { size: 2 });
      following.server.put('new');
      following.server.compact();
      await following.caughtUp();
      expect(following.told.slice(before).sort()).toEqual([
        'added new',
        'added reborn',
        'deleted gone',
        'deleted reborn',
        'updated changed',
      ]);
      expect(following.told.indexOf('deleted reborn')).toBeLessThan(following.told.lastIndexOf('added reborn'));
      expect(following.lists).toBe(2);
    });
  }

  test('a server that is down for a while', async () => {
    await using following = await Following.of(['a', 'b']);
    await following.server.stop();
    await until('it has been refused a few times', () => following.interruptions >= 3);
    following.server.remove('a');
    following.server.put('c');
    await following.server.start();
    await following.caughtUp();
    expect(following.told).toEqual(['added a', 'added b', 'deleted a', 'added c']);
  });

  test('a server that comes back with an older history', async () => {
    await using following = await Following.of(['a']);
    await following.server.stop();
    following.server.rewind(7);
    await until('it has been refused a few times', () => following.interruptions >= 3);
    await following.server.start();
    await following.caughtUp();
    expect(following.told).toEqual(['added a', 'deleted a', 'added a']);
    following.server.put('b');
    await following.caughtUp();
  });

  test('lists that fail: 500, 429, 401, 403, nonsense, a reset', async () => {
    await using following = await Following.notYet(['a']);
    for (const status of [500, 429, 401, 403, 404]) following.server.plan('list', { status });
    following.server.plan('list', { status: 200, body: '<html>a proxy</html>' });
    following.server.plan('list', { status: 200, body: { kind: 'List' } });
    following.server.plan('list', 'reset');
    following.start();
    await following.synced();
    expect(following.interruptions).toBe(8);
    expect(following.told).toEqual(['added a']);
  });

  test('a continue token that has expired between two pages', async () => {
    await using following = await Following.notYet(['a', 'b', 'c'], { limits: { pageSize: 2 } });
    following.server.plan('list', {
      status: 200,
      body: { metadata: { resourceVersion: '103', continue: '2' }, items: [] },
    });
    following.server.plan('list', { status: 410, body: statusObject(410, 'Expired', 'the continue token is too old') });
    following.start();
    await following.synced();
    await following.caughtUp();
  });

  test('a silent stall, and resumes where it was', async () => {
    await using following = await Following.of(['a'], { limits: { idleMs: 50 } });
    following.server.stallWatches();
    following.server.put('b');
    await following.caughtUp();
    expect(following.told).toEqual(['added a', 'added b']);
  });

  test('a bookmark moves it on, so that compaction costs no list', async () => {
    await using following = await Following.of(['a']);
    following.server.bookmark();
    following.server.compact();
    following.server.endWatches();
    await following.watching();
    following.server.put('b');
    await following.caughtUp();
    expect(following.lists).toBe(1);
  });

  test('an object seen twice is told once', async () => {
    await using following = await Following.of(['a']);
    following.server.put('b');
    await following.caughtUp();
    following.server.plan('watch', { status: 410 });
    following.server.endWatches();
    await until('it has listed again', () => following.lists === 2);
    await following.watching();
    expect(following.told).toEqual(['added a', 'added b']);
  });
});

describe('an informer that is stopped', () => {
  test('tells nothing any more, and leaves no watch open', async () => {
    await using following = await Following.of(['a']);
    await following.stop();
    await until('the watch is closed', () => following.server.openWatches === 0);
    const before = following.server.requests.length;
    following.server.put('b');
    await following.cluster.list({ group: 'contract.test', version: 'v1', plural: 'widgets', kind: 'Widget' });
    expect(following.told).toEqual(['added a']);
    expect(following.server.requests).toHaveLength(before + 1);
  });

  test('by its own handler tells nothing more of the same list', async () => {
    const stop = new AbortController();
    await using following = await Following.notYet(['a', 'b', 'c'], {
      onChange: (change) => {
        following.changes.push(change);
        stop.abort();
      },
    });
    await within('it ends', following.informer.run(stop.signal));
    expect(following.told).toEqual(['added a']);
  });

  test('before its first list says so to who waits', async () => {
    await using following = await Following.notYet(['a']);
    following.server.plan('list', 'silence');
    following.start();
    await until('the list is asked for', () => following.lists === 1);
    const synced = following.informer.synced();
    await following.stop();
    await expect(synced).rejects.toThrow('stopped before its first list');
  });

  test('cannot be started again', async () => {
    await using following = await Following.of([]);
    await following.stop();
    await expect(following.informer.run(new AbortController().signal)).rejects.toThrow('make another one');
  });
});
