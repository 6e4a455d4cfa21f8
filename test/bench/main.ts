import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendRates, fdatasyncRate } from '../../libs/event-store/test/append-rate.ts';
import { executionMeasures } from './executions.ts';
import { memoryMeasures } from './memory.ts';
import { scaleReport } from './scale/scale.ts';
import type { Measure } from './table.ts';
import { report } from './table.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function storeMeasures(): Promise<readonly Measure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'wfe-bench-'));
  try {
    const floorPerSecond = fdatasyncRate(folder);
    const { singlePerSecond, concurrentPerSecond } = await appendRates(folder);
    const floor = `${floorPerSecond.toFixed(0)}/s (append + fdatasync)`;
    const ratio = (rate: number): string => (rate / floorPerSecond).toFixed(2);
    return [
      {
        what: 'durable single appends',
        value: `${singlePerSecond.toFixed(0)}/s`,
        floor,
        ratio: ratio(singlePerSecond),
        aim: '0.85',
      },
      {
        what: 'events, 64 concurrent writers',
        value: `${concurrentPerSecond.toFixed(0)}/s`,
        floor,
        ratio: ratio(concurrentPerSecond),
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function machine(): string {
  return `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`;
}

const parts = [
  ['store', storeMeasures],
  ['executions', executionMeasures],
  ['memory', memoryMeasures],
] as const;

const asked = process.argv.slice(2);
if (asked[0] === '--scale') {
  print(machine());
  print(await scaleReport(asked[1], print));
  process.exit();
}
const unknown = asked.filter((name) => !parts.some(([part]) => part === name));
if (unknown.length > 0) {
  process.stderr.write(`expected some of ${parts.map(([part]) => part).join(', ')}; found ${unknown.join(', ')}\n`);
  process.exit(1);
}
print(machine());
const measures: Measure[] = [];
for (const [name, take] of parts) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  print(`measuring: ${name} …`);
  measures.push(...(await take()));
}
print(report(measures));
process.exit();
