import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { until } from '../../support/until.ts';

const PYTHON_TOOL = new URL('../../../../tools/verify_bundle.py', import.meta.url).pathname;

/** A generated log has no seals: the service makes them after its first start. */
export async function sealed(url: string, events: number): Promise<void> {
  const isSealed = async (): Promise<boolean> => {
    const { items } = await json<{ items: { from: number; events: number }[] }>(`${url}/v1/audit/seals?limit=1`);
    const [newest] = items;
    return newest !== undefined && newest.from + newest.events >= events;
  };
  await until('the log to be sealed', isSealed, 600_000);
}

export async function verified(url: string): Promise<void> {
  const report = await json<{ ok: boolean; firstDamage?: unknown }>(`${url}/v1/audit/verify`);
  if (!report.ok) throw new Error(`expected an intact log, found ${JSON.stringify(report.firstDamage)}`);
}

/** Everything as server-sent events, from the beginning until the log has been told. */
export async function followed(url: string, events: number): Promise<void> {
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

export async function rebuilt(url: string, patienceMs: number): Promise<void> {
  const [projection] = (await json<{ items: { name: string }[] }>(`${url}/v1/projections`)).items;
  const path = `${url}/v1/projections/${projection?.name ?? ''}/rebuild`;
  const asked = await fetch(path, { method: 'POST' });
  if (asked.status !== 202) throw new Error(`expected 202 from ${path}, found ${asked.status}`);
  const isDone = async (): Promise<boolean> =>
    (await json<{ items: { state: string }[] }>(`${url}/v1/projections`)).items.every(
      ({ state }) => state === 'current',
    );
  await until('the read model to be rebuilt', isDone, patienceMs);
}

export async function replayChecked(url: string): Promise<void> {
  const { differences } = await json<{ differences: unknown[] }>(`${url}/v1/audit/replay-check`);
  if (differences.length > 0) throw new Error(`expected no differences, found ${JSON.stringify(differences[0])}`);
}

/** Gives `use` a way to export everything, and the file it goes to, which is removed after. */
export async function exported(
  url: string,
  use: (export_: () => Promise<void>, file: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'wfe-bench-bundle-'));
  const file = join(folder, 'log.ndjson');
  try {
    await use(() => download(`${url}/v1/audit/export`, file), file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function download(url: string, file: string): Promise<void> {
  const answer = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  if (!answer.ok || answer.body === null) throw new Error(`expected a bundle, found ${answer.status}`);
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(file));
}

export async function verifiedByPython(file: string): Promise<void> {
  await promisify(execFile)('python3', [PYTHON_TOOL, file]);
}

async function json<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`expected an answer from ${url}, found ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
