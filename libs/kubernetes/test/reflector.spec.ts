import { VirtualClock } from '../src/clock.ts';
import { ClusterError, type KubeObject } from '../src/cluster.ts';
import { Informer, type InformerNews, type InformerOptions } from '../src/informer/informer.ts';
import type { Change } from '../src/informer/object-cache.ts';
import { REFLECTOR_LIMITS } from '../src/informer/reflector.ts';
import { WIDGETS } from './support/fake-api-server.ts';
import { within } from '../../../test/support/within.ts';
import { gone, ScriptedCluster, unavailable } from './support/scripted-cluster.ts';

const { idleMs, backoffBaseMs, backoffCapMs, maxRetryAfterMs, shortWatchMs, watchSeconds } = REFLECTOR_LIMITS;

/** An informer on a clock that only the test moves; the highest jitter, so that delays are the whole ones. */
class Stage {
  readonly clock = new VirtualClock();
  readonly cluster = new ScriptedCluster();
  readonly changes: Change[] = [];
  readonly news: InformerNews[] = [];
  readonly stop = new AbortController();
  readonly informer: Informer;

  constructor(options: Partial<InformerOptions> = {}) {
    this.informer = new Informer(this.cluster, this.clock, {
      type: WIDGETS,
      onChange: (change) => this.changes.push(change),
      report: (news) => this.news.push(news),
      random: () => 1,
      ...options,
    });
  }

  async start(): Promise<{ readonly ended: Promise<void> }> {
    const ended = this.informer.run(this.stop.signal);
    await this.clock.advance(0);
    return { ended };
  }

  get delays(): number[] {
    return this.news.flatMap((news) => (news.kind === 'interrupted' ? [news.delayMs] : []));
  }
}

const widget = (name: string, resourceVersion: string, uid = `uid-${name}`): KubeObject => ({
  apiVersion: 'contract.test/v1',
  kind: 'Widget',
  metadata: { name, namespace: 'default', uid, resourceVersion },
});

describe('time in an informer', () => {
  test('after failures in a row it waits twice as long each time, up to the cap', async () => {
    const stage = new Stage();
    stage.cluster.listScript.push(...Array.from({ length: 10 }, () => unavailable));
    await stage.start();
    await stage.clock.advance(4 * backoffCapMs);
    expect(stage.delays).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    stage.stop.abort();
  });

  test('jitter takes away up to half of the wait', async () => {
    const stage = new Stage({ random: () => 0 });
    stage.cluster.listScript.push(unavailable, unavailable);
    await stage.start();
    await stage.clock.advance(backoffCapMs);
    expect(stage.delays).toEqual([backoffBaseMs / 2, backoffBaseMs]);
    stage.stop.abort();
  });

  test('a message starts the waits anew', async () => {
    const stage = new Stage();
    const seen = { type: 'ADDED', object: widget('a', '101') } as const;
    stage.cluster.watchScripts.push([unavailable], [seen, unavailable], [unavailable]);
    await stage.start();
    await stage.clock.advance(5 * backoffBaseMs);
    expect(stage.delays).toEqual([backoffBaseMs, backoffBaseMs, 2 * backoffBaseMs]);
    stage.stop.abort();
  });

  test('Retry-After is waited for, but not for ever', async () => {
    const busy = (retryAfterMs: number) => new ClusterError('too-many-requests', 'busy', { retryAfterMs });
    const stage = new Stage();
    stage.cluster.listScript.push(busy(7_000), busy(3_600_000));
    await stage.start();
    expect(stage.cluster.lists).toHaveLength(1);
    await stage.clock.advance(6_999);
    expect(stage.cluster.lists).toHaveLength(1);
    await stage.clock.advance(1);
    expect(stage.cluster.lists).toHaveLength(2);
    await stage.clock.advance(maxRetryAfterMs);
    expect(stage.cluster.lists).toHaveLength(3);
    stage.stop.abort();
  });

  test('a watch that is silent past its own end is given up, and resumed from the same place', async () => {
    const stage = new Stage();
    await stage.start();
    expect(stage.cluster.watches.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([watchSeconds]);
    await stage.clock.advance(idleMs - 1);
    expect(stage.cluster.watches[0]?.signal.aborted).toBe(false);
    await stage.clock.advance(1 + backoffBaseMs);
    expect(stage.cluster.watches[0]?.signal.aborted).toBe(true);
    expect(stage.cluster.watches.map(({ resourceVersion }) => resourceVersion)).toEqual(['100', '100']);
    stage.stop.abort();
  });

  test('every message puts the idle deadline off', async () => {
    const stage = new Stage();
    const gate = Promise.withResolvers<void>();
    stage.cluster.watch = async function* (_type, options) {
      this.watches.push(options);
      await gate.promise;
      yield { type: 'BOOKMARK', resourceVersion: '105' };
      await new Promise<void>((resolve) => options.signal.addEventListener('abort', () => resolve()));
    };
    await stage.start();
    await stage.clock.advance(idleMs - 1);
    gate.resolve();
    await stage.clock.advance(idleMs - 1);
    expect(stage.cluster.watches).toHaveLength(1);
    await stage.clock.advance(1 + backoffBaseMs);
    expect(stage.cluster.watches[1]?.resourceVersion).toBe('105');
    stage.stop.abort();
  });

  test('a server that ends every watch at once is not asked in a tight loop', async () => {
    const stage = new Stage();
    stage.cluster.everyWatch = [];
    await stage.start();
    await stage.clock.advance(100 * backoffCapMs);
    expect(stage.cluster.watches.length).toBeLessThan(120);
    expect(shortWatchMs).toBeGreaterThan(0);
    stage.stop.abort();
  });

  test('a server that answers 410 to every watch is not listed in a tight loop', async () => {
    const stage = new Stage();
    stage.cluster.everyWatch = [gone];
    await stage.start();
    await stage.clock.advance(100 * backoffCapMs);
    expect(stage.cluster.lists.length).toBeLessThan(120);
    stage.stop.abort();
  });

  test('a stop during the wait before a reconnect starts nothing any more', async () => {
    const stage = new Stage();
    stage.cluster.watchScripts.push([unavailable]);
    const { ended } = await stage.start();
    expect(stage.clock.pendingMs).toEqual([backoffBaseMs]);
    stage.stop.abort();
    await within('the informer ends', ended);
    await stage.clock.advance(10 * backoffCapMs);
    expect(stage.cluster.watches).toHaveLength(1);
    expect(stage.clock.pendingMs).toEqual([]);
  });

  test('a stop leaves no sleeper behind, also in the middle of a watch', async () => {
    const stage = new Stage();
    const { ended } = await stage.start();
    stage.stop.abort();
    await within('the informer ends', ended);
    expect(stage.clock.pendingMs).toEqual([]);
  });

  test('the last contact is told while nothing changes: each watch ends within its time', async () => {
    const stage = new Stage();
    stage.cluster.watch = async function* (_type, options) {
      this.watches.push(options);
      await stage.clock.sleep(options.timeoutSeconds * 1_000, options.signal);
    };
    await stage.start();
    await stage.clock.advance(600_000);
    const ageMs = stage.clock.monotonic() - (stage.informer.lastContactMs() ?? 0);
    expect(ageMs).toBeLessThanOrEqual(watchSeconds * 1_000);
    expect(stage.delays).toEqual([]);
    stage.stop.abort();
  });

  test('the last contact grows old while the server cannot be reached', async () => {
    const stage = new Stage();
    stage.cluster.everyWatch = [unavailable];
    await stage.start();
    stage.cluster.listScript.push(...Array.from({ length: 30 }, () => unavailable));
    await stage.clock.advance(300_000);
    expect(stage.clock.monotonic() - (stage.informer.lastContactMs() ?? 0)).toBeGreaterThan(290_000);
    stage.stop.abort();
  });
});

describe('an informer lists', () => {
  test('again after two failures in a row, since the server may have come back with another history', async () => {
    const stage = new Stage();
    stage.cluster.watchScripts.push([unavailable], [unavailable]);
    await stage.start();
    await stage.clock.advance(backoffCapMs);
    expect(stage.cluster.lists).toHaveLength(2);
    stage.stop.abort();
  });

  test('smaller pages when a page is too large', async () => {
    const stage = new Stage({ limits: { pageSize: 4 } });
    const large = new ClusterError('too-large', 'the answer is too long');
    stage.cluster.listScript.push(large, large, large, large);
    await stage.start();
    await stage.clock.advance(backoffCapMs);
    expect(stage.cluster.lists.map(({ limit }) => limit)).toEqual([4, 2, 1, 1, 1]);
    stage.stop.abort();
  });

  test('no more than its number of pages', async () => {
    const stage = new Stage({ limits: { maxPages: 3 } });
    const endless = { items: [], resourceVersion: '100', continue: 'more' };
    stage.cluster.listScript.push(endless, endless, endless);
    await stage.start();
    expect(stage.news).toMatchObject([{ kind: 'interrupted', error: { code: 'server-error' } }]);
    stage.stop.abort();
  });

  test('and watches from the oldest of its pages, so that nothing between them is missed', async () => {
    const stage = new Stage();
    stage.cluster.listScript.push(
      { items: [], resourceVersion: '100', continue: 'more' },
      { items: [], resourceVersion: '103' },
    );
    await stage.start();
    expect(stage.cluster.watches[0]?.resourceVersion).toBe('100');
    stage.stop.abort();
  });

  test('with its selection, as does its watch', async () => {
    const selection = { namespace: 'jobs', labelSelector: 'a=b', fieldSelector: 'c=d' };
    const stage = new Stage(selection);
    await stage.start();
    expect(stage.cluster.lists[0]).toMatchObject(selection);
    expect(stage.cluster.watches[0]).toMatchObject(selection);
    stage.stop.abort();
  });
});

describe('what a watch shows', () => {
  const told = (stage: Stage) =>
    stage.changes.map(({ type, object }) => `${type} ${object.metadata.name}@${object.metadata.resourceVersion}`);

  test('another uid under a known name is a deletion and an addition', async () => {
    const stage = new Stage();
    stage.cluster.listScript.push({ items: [widget('a', '100', 'first')], resourceVersion: '100' });
    stage.cluster.watchScripts.push([{ type: 'MODIFIED', object: widget('a', '105', 'second') }, 'hang']);
    await stage.start();
    expect(stage.changes.map(({ type, object }) => `${type} ${object.metadata.uid}`)).toEqual([
      'added first',
      'deleted first',
      'added second',
    ]);
    stage.stop.abort();
  });

  test('older and equal versions of what is known are not told', async () => {
    const stage = new Stage();
    stage.cluster.listScript.push({ items: [widget('a', '99')], resourceVersion: '100' });
    stage.cluster.watchScripts.push([
      { type: 'MODIFIED', object: widget('a', '99') },
      { type: 'MODIFIED', object: widget('a', '98') },
      { type: 'MODIFIED', object: widget('a', '101') },
      'hang',
    ]);
    await stage.start();
    expect(told(stage)).toEqual(['added a@99', 'updated a@101']);
    stage.stop.abort();
  });

  test('the deletion of a predecessor, or of what is not known, is not told', async () => {
    const stage = new Stage();
    stage.cluster.listScript.push({ items: [widget('a', '99', 'second')], resourceVersion: '100' });
    stage.cluster.watchScripts.push([
      { type: 'DELETED', object: widget('a', '101', 'first') },
      { type: 'DELETED', object: widget('b', '102') },
      'hang',
    ]);
    await stage.start();
    expect(told(stage)).toEqual(['added a@99']);
    stage.stop.abort();
  });

  test('a deletion carries the last state', async () => {
    const stage = new Stage();
    stage.cluster.listScript.push({ items: [widget('a', '99')], resourceVersion: '100' });
    stage.cluster.watchScripts.push([{ type: 'DELETED', object: { ...widget('a', '101'), status: 'done' } }, 'hang']);
    await stage.start();
    expect(stage.changes.at(-1)).toMatchObject({ type: 'deleted', object: { status: 'done' } });
    expect(stage.informer.size).toBe(0);
    stage.stop.abort();
  });
});

describe('an informer that is told to list', () => {
  test('ends its watch, lists, and tells what the watch had not', async () => {
    const stage = new Stage();
    await stage.start();
    const before = stage.cluster.lists.length;
    stage.informer.relist();
    await stage.clock.advance(0);
    expect(stage.cluster.lists.length).toBe(before + 1);
    await stage.clock.advance(0);
    expect(stage.delays).toEqual([]);
    stage.stop.abort();
  });

  test('lists once, also when it is told so twice, or while it lists', async () => {
    const stage = new Stage();
    await stage.start();
    const before = stage.cluster.lists.length;
    stage.informer.relist();
    stage.informer.relist();
    await stage.clock.advance(1_000);
    expect(stage.cluster.lists.length).toBe(before + 1);
    stage.stop.abort();
  });
});
