import { parentPort, workerData } from 'node:worker_threads';
import { runSeed } from './run-seed.ts';
import { counted } from './totals.ts';

/** Runs every `step`th seed from `from` up to `to` (exclusive) and posts what became of each. */
const { from, to, step } = workerData as { readonly from: number; readonly to: number; readonly step: number };
for (let seed = from; seed < to; seed += step) parentPort?.postMessage(counted(await runSeed(seed)));
