/**
 * What a log must say, in the fewest words: expected revisions and strong idempotency as a table of rules. Written
 * from the rules, without a look at the stores; a list of ids for each stream is all it knows.
 */
export type Expected = 'none' | 'exists' | 'any' | number;

export type Verdict =
  | { readonly kind: 'written' | 'repeated'; readonly first: number }
  | { readonly kind: 'conflict'; readonly actual: number | 'none' };

export class Oracle {
  readonly streams = new Map<string, string[]>();
  readonly log: { readonly stream: string; readonly revision: number; readonly id: string }[] = [];

  append(stream: string, expected: Expected, ids: readonly string[]): Verdict {
    const there = this.streams.get(stream) ?? [];
    const conflict: Verdict = { kind: 'conflict', actual: there.length === 0 ? 'none' : there.length - 1 };
    if (expected === 'exists' && there.length === 0) return conflict;
    if (expected === 'any' || expected === 'exists') return this.#write(stream, there, ids);
    const first = expected === 'none' ? 0 : expected + 1;
    if (first > there.length) return conflict;
    if (first === there.length) return this.#write(stream, there, ids);
    const same = there.slice(first, first + ids.length);
    return same.join() === ids.join() ? { kind: 'repeated', first } : conflict;
  }

  #write(stream: string, there: readonly string[], ids: readonly string[]): Verdict {
    for (const [index, id] of ids.entries()) this.log.push({ stream, revision: there.length + index, id });
    this.streams.set(stream, [...there, ...ids]);
    return { kind: 'written', first: there.length };
  }
}
