import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { INVARIANTS } from './invariants/violation.ts';
import { runSeed } from './run-seed.ts';
import type { Counted } from './totals.ts';
import { Totals } from './totals.ts';

const USAGE = `npm run simulate -- --seeds N [--from S] [--jobs J]   runs N seeds and prints what failed
npm run simulate -- --seed N [--trace]                runs one seed; with --trace, tells its story
npm run simulate -- --crash-points [--seeds N]        lists the crash points, and how often each was come to
npm run simulate -- --invariants                      lists what is checked`;

const PROGRESS_EVERY = 500;
const MAX_JOBS = 64;
/** Failing seeds named, at most. */
const NAMED = 20;

const OPTIONS = {
  seeds: { type: 'string' },
  from: { type: 'string', default: '1' },
  jobs: { type: 'string', default: '1' },
  seed: { type: 'string' },
  trace: { type: 'boolean', default: false },
  'crash-points': { type: 'boolean', default: false },
  invariants: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** The options make no sense. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

process.stdout.on('error', () => process.exit(1)); // whoever was reading has gone
process.exitCode = await main().catch(misused);

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) return say(USAGE);
  if (values.invariants) return say(invariants());
  if (values.seed !== undefined) return one(whole('seed', values.seed, 0), values.trace);
  const seeds = whole('seeds', values.seeds ?? '500', 1);
  const jobs = Math.min(MAX_JOBS, seeds, whole('jobs', values.jobs, 1));
  return many(seeds, whole('from', values.from, 0), jobs, values['crash-points']);
}

function invariants(): string {
  return Object.entries(INVARIANTS)
    .map(([name, rule]) => `${name}: ${rule}`)
    .join('\n');
}

async function one(seed: number, isTold: boolean): Promise<number> {
  const { violations, events, trace } = await runSeed(seed);
  if (isTold) say(trace());
  for (const { invariant, message } of violations) say(`${invariant}: ${message}`);
  say(
    `seed ${seed}: ${events} events, ${violations.length === 0 ? 'all invariants hold' : `${violations.length} violations`}`,
  );
  return violations.length === 0 ? 0 : 1;
}

async function many(seeds: number, from: number, jobs: number, isByPoint: boolean): Promise<number> {
  const startedMs = performance.now();
  const totals = new Totals();
  await Promise.all(Array.from({ length: jobs }, (_, job) => worker(from + job, from + seeds, jobs, totals)));
  if (isByPoint) say(totals.pointTable());
  else say(`${totals.faultTable()}\n`);
  tellFailing(totals);
  say(`${totals.summary()}, ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  for (const point of totals.unlistedPoints) say(`not in the list of crash points: ${point}`);
  return totals.failing.length === 0 && totals.unlistedPoints.length === 0 ? 0 : 1;
}

/** Every `step`th seed of a range, in a thread of its own. */
function worker(from: number, to: number, step: number, totals: Totals): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./worker.js', import.meta.url), { workerData: { from, to, step } });
    thread.on('message', (result: Counted) => {
      totals.add(result);
      for (const { invariant, message } of result.violations) say(`seed ${result.seed}: ${invariant}: ${message}`);
      if (totals.seeds % PROGRESS_EVERY === 0) process.stderr.write(`${totals.summary()}\n`);
    });
    thread.on('error', reject);
    thread.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a thread ended with code ${code}`))));
  });
}

function tellFailing(totals: Totals): void {
  const first = totals.firstFailing;
  if (first === undefined) return;
  say(`\nThe story of seed ${first.seed}:\n${first.story ?? ''}\n`);
  const seeds = totals.failing.map(({ seed }) => seed).sort((a, b) => a - b);
  say(
    `failing seeds: ${seeds.slice(0, NAMED).join(', ')}${seeds.length > NAMED ? ` and ${seeds.length - NAMED} more` : ''}`,
  );
  say(`again: npm run simulate -- --seed ${first.seed} --trace`);
}

function whole(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`--${option}: expected a whole number from ${least}, found "${text}"`);
}

/** Options that make no sense are told with how it is used; anything else is a bug. */
function misused(error: unknown): number {
  const isUnknownOption = (error as { code?: unknown }).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION';
  if (!(error instanceof UsageError) && !isUnknownOption) throw error;
  process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
  return 2;
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
