import { Failure } from '../exit-codes.ts';
import type { Api, StreamRequest } from './api.ts';
import { lines } from './lines.ts';

const NDJSON = 'application/x-ndjson';
/** Silence after which a long work is taken for broken. */
const SILENCE_MS = 120_000;

/**
 * A long work of the service: lines that say how far it is, and at the end its report, which is answered. A connection
 * that breaks before is a failure. @throws Failure
 */
export async function reportOf<Report extends object>(
  api: Api,
  asked: Pick<StreamRequest, 'path' | 'query'>,
  onProgress: (line: Readonly<Record<string, unknown>>) => void,
  silenceMs = SILENCE_MS,
): Promise<Report> {
  const broken = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    const silent = new DOMException('nothing was heard', 'TimeoutError');
    timer = setTimeout(() => broken.abort(silent), silenceMs);
  };
  try {
    const answer = await api.stream({ ...asked, accept: NDJSON, signal: broken.signal });
    heard();
    for await (const line of lines(answer)) {
      heard();
      const said = told<Report>(line);
      if ('report' in said) return said.report;
      onProgress(said.progress);
    }
  } catch (error) {
    throw api.fault(error);
  } finally {
    clearTimeout(timer);
    broken.abort();
  }
  throw new Failure('serviceFailed', 'the service stopped before it had a result', {
    advice: 'Run this again; look at the log of the service if it happens again.',
  });
}

/** Either `{"progress":…}` and `{"report":…}`, or everything in one object that says its `kind`. */
function told<Report>(
  line: string,
): { readonly report: Report } | { readonly progress: Readonly<Record<string, unknown>> } {
  const { kind, ...value } = (JSON.parse(line) ?? {}) as Readonly<Record<string, unknown>>;
  if (kind === 'report') return { report: value as Report };
  if ('report' in value) return { report: value['report'] as Report };
  return { progress: (value['progress'] ?? value) as Readonly<Record<string, unknown>> };
}
