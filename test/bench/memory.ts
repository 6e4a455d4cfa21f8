import { readFile } from 'node:fs/promises';
import { rest, specFor } from '../support/rest.ts';
import { until } from '../support/until.ts';
import type { Measure } from './table.ts';
import type { BenchWorld } from './world.ts';
import { benchWorld } from './world.ts';

const THOUSAND = 1_000;
const AT_ONCE = 20;

/** How much the service's process grows by a thousand executions that came and ended. */
export async function memoryMeasures(): Promise<readonly Measure[]> {
  const world = await benchWorld();
  try {
    await runMany(world, 'warm', THOUSAND);
    const before = await residentMiB(world);
    const startMs = performance.now();
    await runMany(world, 'counted', THOUSAND);
    const seconds = (performance.now() - startMs) / 1000;
    const after = await residentMiB(world);
    return [
      {
        what: 'memory per 1,000 executions (resident)',
        value: `${(after - before).toFixed(1)} MiB`,
        floor: `${before.toFixed(0)} MiB after the first 1,000`,
      },
      { what: 'executions run to their end', value: `${(THOUSAND / seconds).toFixed(0)}/s` },
    ];
  } finally {
    await world.close();
  }
}

async function runMany({ service }: BenchWorld, word: string, count: number): Promise<void> {
  const targets = Array.from({ length: count }, (_, index) => `bench/deployment/${word}-${process.pid}-${index}`);
  while (targets.length > 0) {
    const batch = targets.splice(0, AT_ONCE);
    await Promise.all(
      batch.map((target) =>
        rest(`${service.url}/v1/executions`, 'POST', { namespace: 'default', spec: specFor('quick', target) }),
      ),
    );
  }
  for (const phase of ['Pending', 'Running'])
    await until(
      `no execution to be ${phase}`,
      async () =>
        (await rest<{ items: unknown[] }>(`${service.url}/v1/executions?phase=${phase}&limit=1`)).body.items.length ===
        0,
      300_000,
    );
}

async function residentMiB({ service }: BenchWorld): Promise<number> {
  const status = await readFile(`/proc/${service.pid ?? 'self'}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
