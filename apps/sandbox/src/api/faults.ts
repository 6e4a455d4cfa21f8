import type { ResourceRequest, Verb } from './context.ts';

/** Which requests a fault is for; what is left out matches everything. */
export interface FaultMatcher {
  readonly verb?: Verb;
  readonly plural?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** null: only requests for the object itself. */
  readonly subresource?: string | null;
}

export type FaultAction =
  /** Answers this status. With `applied`, the request is carried out first and its answer thrown away. */
  | {
      readonly kind: 'respond';
      readonly code: 429 | 500 | 503 | 504;
      readonly retryAfterSeconds?: number;
      readonly applied?: boolean;
    }
  /** Breaks the connection before the request is carried out, or after. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  /** Carries the request out after this while. */
  | { readonly kind: 'delay'; readonly ms: number };

interface Fault {
  readonly matcher: FaultMatcher;
  readonly action: FaultAction;
}

/** Faults that a test has ordered, each for one request, in the order they were ordered. */
export class Faults {
  readonly #pending: Fault[] = [];

  /** The next `times` requests that match get this fault. */
  next(matcher: FaultMatcher, action: FaultAction, times = 1): void {
    for (let count = 0; count < times; count += 1) this.#pending.push({ matcher, action });
  }

  /** Faults that no request has met yet. */
  get pending(): number {
    return this.#pending.length;
  }

  clear(): void {
    this.#pending.length = 0;
  }

  take(request: ResourceRequest): FaultAction | undefined {
    const index = this.#pending.findIndex(({ matcher }) => meets(matcher, request));
    return index < 0 ? undefined : this.#pending.splice(index, 1)[0]?.action;
  }
}

export function meets(matcher: FaultMatcher, request: ResourceRequest): boolean {
  const { verb, plural, namespace, name, subresource } = matcher;
  return (
    (verb === undefined || verb === request.verb) &&
    (plural === undefined || plural === request.type.plural) &&
    (namespace === undefined || namespace === request.namespace) &&
    (name === undefined || name === request.name) &&
    (subresource === undefined || subresource === (request.subresource ?? null))
  );
}
