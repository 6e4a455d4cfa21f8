import type { Question } from './questions.ts';

/** Of which one in a hundred is slower than the 99th percentile: enough that one collection of garbage does not decide. */
const ASKED = 400;
/** Before anything is counted: compilation, prepared statements, the page cache. */
const WARM_UP = 20;

/** Somebody who answers, and what is asked there. */
export interface Asked {
  readonly url: string;
  readonly questions: readonly Question[];
}

/** Milliseconds of each answer, by the name of the question. */
export type Answers = ReadonlyMap<string, readonly number[]>;

/**
 * The same questions of everybody, in turns: whatever else the machine does meanwhile, it does to all of them.
 * @returns the answers of each of them
 */
export async function askInTurns(everybody: readonly Asked[]): Promise<readonly Answers[]> {
  const answers = everybody.map(() => new Map<string, readonly number[]>());
  for (const [index, { name }] of (everybody[0]?.questions ?? []).entries()) {
    const samples = await askOften(everybody.map(({ url, questions }) => ({ url, question: questions[index]! })));
    for (const [at, sample] of samples.entries()) answers[at]!.set(name, sample);
  }
  return answers;
}

interface Turn {
  readonly url: string;
  readonly question: Question;
}

async function askOften(turns: readonly Turn[]): Promise<readonly (readonly number[])[]> {
  const samples = turns.map((): number[] => []);
  for (let asked = -WARM_UP; asked < ASKED; asked += 1)
    for (let turn = 0; turn < turns.length; turn += 1) {
      // Each is the first as often as any other.
      const at = (turn + asked + WARM_UP) % turns.length;
      const tookMs = await ask(turns[at]!, spread(asked));
      if (asked >= 0) samples[at]!.push(tookMs);
    }
  return samples;
}

async function ask({ url, question }: Turn, share: number): Promise<number> {
  const { name, ask: pathOf, body } = question;
  const path = pathOf(share);
  const startMs = performance.now();
  const answer = await fetch(url + path, requestFor(body?.(share)));
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${name}: expected an answer to ${path}, found ${answer.status}: ${text}`);
  return performance.now() - startMs;
}

/** All over the log, in no order, and the same in every run. */
const spread = (asked: number): number => ((asked + WARM_UP) * 0.618_033_988_75) % 1;

function requestFor(body: unknown): RequestInit {
  if (body === undefined) return {};
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
