import { Failure } from '../exit-codes.ts';
import type { ReplayReport, VerificationReport } from './answers.ts';
import type { Api, StreamRequest } from './api.ts';
import { lines } from './lines.ts';
import { checked, readAs, type Asked } from './read-as.ts';
import type { Schema } from './schema-check.ts';
import { Silence } from './silence.ts';

const NDJSON = 'application/x-ndjson';
/** Silence after which a long work is taken for broken. */
const SILENCE_MS = 120_000;

interface Reports {
  readonly ReplayReport: ReplayReport;
  readonly VerificationReport: VerificationReport;
}

/** How far a long work is, in whatever it counts. */
export type Counts = Readonly<Partial<Record<'events' | 'executions' | 'of', number>>>;

/**
 * A long work of the service: lines that say how far it is, and at the end its report, which is answered. A connection
 * that breaks before is a failure. @throws Failure
 */
export async function reportOf<Name extends keyof Reports>(
  api: Api,
  name: Name,
  asked: Pick<StreamRequest, 'path' | 'query'>,
  onProgress: (counts: Counts) => void,
  silenceMs = SILENCE_MS,
): Promise<Reports[Name]> {
  using silence = new Silence(silenceMs);
  const asking = api.asking(asked.path);
  try {
    const answer = await api.stream({ ...asked, accept: NDJSON, signal: silence.signal });
    silence.heard();
    for await (const line of lines(answer)) {
      silence.heard();
      const { report, progress } = told(line, asking);
      if (report !== undefined) return readAs(name, report, asking);
      if (progress !== undefined) onProgress(progress);
    }
  } catch (error) {
    throw api.fault(error);
  }
  throw new Failure('serviceFailed', 'the service stopped before it had a result', {
    advice: 'Run this again; look at the log of the service if it happens again.',
  });
}

interface Line {
  readonly report?: unknown;
  readonly progress?: Counts;
}

const count: Schema = { type: 'integer' };
/** The document has these lines as a text; what they say stands in its words. */
const LINE: Schema = {
  anyOf: [
    { type: 'object', required: ['report'], properties: { report: { type: 'object' } } },
    {
      type: 'object',
      required: ['progress'],
      properties: { progress: { type: 'object', properties: { events: count, executions: count, of: count } } },
    },
  ],
};

const told = (line: string, asked: Asked): Line => checked<Line>(LINE, JSON.parse(line), asked);
