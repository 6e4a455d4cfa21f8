import type { Question } from './questions.ts';

const ASKED = 200;
/** Before anything is counted: compilation, prepared statements, the page cache. */
const WARM_UP = 20;

/** Milliseconds of each answer, of each question. */
export async function askAll(
  url: string,
  questions: readonly Question[],
): Promise<ReadonlyMap<string, readonly number[]>> {
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
