import { readFile } from 'node:fs/promises';
import { openSandboxWorld } from '../../e2e/sandbox-world.ts';
import { ServiceProcess } from '../../support/service-process.ts';
import { until } from '../../support/until.ts';
import { executionsFor, generateLog } from './generate.ts';
import type { Question } from './questions.ts';
import { questionsOf } from './questions.ts';

/** What was measured over a log of one size. */
export interface ScaleResult {
  readonly events: number;
  readonly executions: number;
  readonly appendsPerSecond: number;
  readonly firstReadySeconds: number;
  readonly readySeconds: number;
  /** Milliseconds of each question's sample. */
  readonly questions: ReadonlyMap<string, readonly number[]>;
  readonly verifyPerSecond: number;
  readonly catchUpPerSecond: number;
  readonly rebuildPerSecond: number;
  /** Resident memory of the service: after its start, after the questions, at the most. */
  readonly rssMiB: { readonly started: number; readonly asked: number; readonly peak: number };
}

const ASKED = 200;
/** Before anything is counted: compilation, prepared statements, the page cache. */
const WARM_UP = 20;
const LONG_MS = 600_000;

/** A log of about this many events is generated, served, asked, verified, followed and rebuilt. */
export async function measureScale(events: number, print: (line: string) => void): Promise<ScaleResult> {
  const world = await openSandboxWorld(1);
  const service = await ServiceProcess.prepare({ cluster: world.clusterConfig });
  try {
    const executions = executionsFor(events);
    print(`  generating ${events} events …`);
    const generated = await generateLog(service.logFile, executions);
    print(`  ${generated.events} events in ${generated.seconds.toFixed(0)} s; first start …`);
    const firstReadySeconds = await started(service);
    await sealed(service, generated.events);
    await service.stop();
    const readySeconds = await started(service);
    const atStart = await rss(service);
    print('  asking …');
    const questions = await askAll(service.url, questionsOf(executions));
    const asked = await rss(service);
    print('  verifying, following, rebuilding …');
    const verifyPerSecond = generated.events / (await seconds(() => verified(service.url)));
    const catchUpPerSecond = generated.events / (await seconds(() => followed(service.url, generated.events)));
    const rebuildPerSecond = generated.events / (await seconds(() => rebuilt(service.url)));
    return {
      events: generated.events,
      executions,
      appendsPerSecond: generated.events / generated.seconds,
      ...{ firstReadySeconds, readySeconds, questions, verifyPerSecond, catchUpPerSecond, rebuildPerSecond },
      rssMiB: { started: atStart, asked, peak: await peakRss(service) },
    };
  } finally {
    await service.remove();
    await world.close();
  }
}

async function started(service: ServiceProcess): Promise<number> {
  return seconds(() => service.start(LONG_MS));
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1000;
}

/** A generated log has no seals: the service makes them after its first start. */
async function sealed(service: ServiceProcess, events: number): Promise<void> {
  await until(
    'the log to be sealed',
    async () => {
      const { items } = await json<{ items: { from: number; events: number }[] }>(
        `${service.url}/v1/audit/seals?limit=1`,
      );
      const [newest] = items;
      return newest !== undefined && newest.from + newest.events >= events;
    },
    LONG_MS,
  );
}

async function askAll(url: string, questions: readonly Question[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const samples = new Map<string, readonly number[]>();
  for (const question of questions) samples.set(question.name, await askOften(url, question));
  return samples;
}

async function askOften(url: string, { name, ask, body }: Question): Promise<readonly number[]> {
  const sample: number[] = [];
  for (let asked = -WARM_UP; asked < ASKED; asked += 1) {
    const share = spread(asked);
    const startMs = performance.now();
    const answer = await fetch(url + ask(share), requestFor(body?.(share)));
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${name}: expected an answer to ${ask(share)}, found ${answer.status}: ${text}`);
    if (asked >= 0) sample.push(performance.now() - startMs);
  }
  return sample;
}

/** All over the log, in no order, and the same in every run. */
const spread = (asked: number): number => ((asked + WARM_UP) * 0.618_033_988_75) % 1;

function requestFor(body: unknown): RequestInit {
  if (body === undefined) return {};
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function verified(url: string): Promise<void> {
  const report = await json<{ ok: boolean; firstDamage?: unknown }>(`${url}/v1/audit/verify`);
  if (!report.ok) throw new Error(`expected an intact log, found ${JSON.stringify(report.firstDamage)}`);
}

/** Everything as server-sent events, from the beginning until the log has been told. */
async function followed(url: string, events: number): Promise<void> {
  const stop = new AbortController();
  const answer = await fetch(`${url}/v1/events?after=start`, {
    headers: { accept: 'text/event-stream' },
    signal: stop.signal,
  });
  if (!answer.ok || answer.body === null) throw new Error(`expected a stream, found ${answer.status}`);
  let told = 0;
  let rest = '';
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    told += lines.filter((line) => line.startsWith('id:')).length;
    if (told >= events) break;
  }
  stop.abort();
}

async function rebuilt(url: string): Promise<void> {
  const [projection] = (await json<{ items: { name: string }[] }>(`${url}/v1/projections`)).items;
  const path = `${url}/v1/projections/${projection?.name ?? ''}/rebuild`;
  const asked = await fetch(path, { method: 'POST' });
  if (asked.status !== 202) throw new Error(`expected 202 from ${path}, found ${asked.status}`);
  const isDone = async (): Promise<boolean> =>
    (await json<{ items: { state: string }[] }>(`${url}/v1/projections`)).items.every(
      ({ state }) => state === 'current',
    );
  await until('the read model to be rebuilt', isDone, LONG_MS);
}

async function json<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`expected an answer from ${url}, found ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function rss({ metricsUrl }: ServiceProcess): Promise<number> {
  const text = await (await fetch(`${metricsUrl}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 1024 / 1024;
}

/** The most the process ever had, as Linux counts it; NaN elsewhere. */
async function peakRss({ pid }: ServiceProcess): Promise<number> {
  const text = await readFile(`/proc/${pid ?? 0}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(text)?.[1]) / 1024;
}
