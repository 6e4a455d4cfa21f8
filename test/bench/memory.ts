import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rest, specFor } from '../support/rest.ts';
import { until } from '../support/until.ts';
import type { Measure } from './table.ts';
import type { BenchWorld } from './world.ts';
import { benchWorld } from './world.ts';

const THOUSAND = 1_000;
const AT_ONCE = 20;

/** How much the service's process grows by a thousand executions that came and ended, after a first thousand. */
export async function memoryMeasures(): Promise<readonly Measure[]> {
  const snapshots = await mkdtemp(join(tmpdir(), 'wfe-bench-heap-'));
  const world = await benchWorld(['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${snapshots}`]);
  try {
    await runMany(world, 'warm', THOUSAND);
    const before = await liveHeapMiB(world, snapshots);
    const startMs = performance.now();
    await runMany(world, 'counted', THOUSAND);
    const seconds = (performance.now() - startMs) / 1000;
    const growth = (await liveHeapMiB(world, snapshots)) - before;
    const floor = `${before.toFixed(0)} MiB after the first 1,000`;
    return [
      { what: 'live heap per 1,000 executions', value: `${growth.toFixed(1)} MiB`, floor },
      { what: 'executions run to their end', value: `${(THOUSAND / seconds).toFixed(0)}/s` },
    ];
  } finally {
    await world.close();
    await rm(snapshots, { recursive: true, force: true });
  }
}

async function runMany({ service }: BenchWorld, word: string, count: number): Promise<void> {
  const targets = Array.from({ length: count }, (_, index) => `bench/deployment/${word}-${process.pid}-${index}`);
  const create = (target: string) =>
    rest(`${service.url}/v1/executions`, 'POST', { namespace: 'default', spec: specFor('quick', target) });
  while (targets.length > 0) await Promise.all(targets.splice(0, AT_ONCE).map(create));
  for (const phase of ['Pending', 'Running'])
    await until(`no execution to be ${phase}`, () => isNone(service.url, phase), 300_000);
}

async function isNone(url: string, phase: string): Promise<boolean> {
  const answer = await rest<{ items: unknown[] }>(`${url}/v1/executions?phase=${phase}&limit=1`);
  return answer.body.items.length === 0;
}

/** The heap after a full collection, which writing a snapshot begins with. */
async function liveHeapMiB({ service }: BenchWorld, folder: string): Promise<number> {
  const before = (await readdir(folder)).length;
  process.kill(service.pid ?? 0, 'SIGUSR2');
  await until('the heap snapshot', async () => (await readdir(folder)).length > before, 60_000);
  const text = await (await fetch(`${service.metricsUrl}/metrics`)).text();
  return Number(/^nodejs_heap_size_used_bytes (\S+)/m.exec(text)?.[1]) / 1024 / 1024;
}
