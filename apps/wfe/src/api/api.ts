import createClient, { type Client } from 'openapi-fetch';
import type { Reach } from '../connection/reach.ts';
import { Failure } from '../exit-codes.ts';
import { limited } from './limited.ts';
import { noAnswer } from './no-answer.ts';
import { refusalOf } from './refusals.ts';
import type { paths } from './schema.ts';

interface Answered {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

export interface ApiOptions {
  readonly requestTimeoutMs: number;
  /** Ends everything. */
  readonly signal: AbortSignal;
  readonly userAgent: string;
}

/** What is asked with a stream. */
export interface StreamRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly accept: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends this one. */
  readonly signal?: AbortSignal;
}

/** The service's REST, typed by its own document. Every way of not answering well is a Failure. */
export class Api {
  private readonly client: Client<paths, 'application/json'>;

  constructor(
    private readonly reach: Reach,
    private readonly options: ApiOptions,
  ) {
    const { userAgent } = options;
    this.client = createClient<paths, 'application/json'>({
      baseUrl: reach.url,
      headers: { 'user-agent': userAgent, accept: 'application/json' },
      fetch: (request) => this.timed(request),
    });
  }

  get namespace(): string | undefined {
    return this.reach.namespace;
  }

  /** One question with one answer. @throws Failure */
  async ask<R extends Answered>(
    call: (client: Client<paths, 'application/json'>) => Promise<R>,
  ): Promise<NonNullable<R['data']>> {
    let answered: R;
    try {
      answered = await call(this.client);
    } catch (error) {
      throw this.fault(error);
    }
    const { data, error, response } = answered;
    if (!response.ok) throw refusalOf(response.status, error, this.reach);
    if (typeof data !== 'object' || data === null) throw refusalOf(response.status, data, this.reach);
    return data;
  }

  /** A long answer as it arrives. Only its beginning has a limit in time; the caller watches over the rest. @throws Failure */
  async stream({ path, query = {}, accept, headers = {}, signal }: StreamRequest): Promise<ReadableStream<Uint8Array>> {
    const begun = new AbortController();
    const { requestTimeoutMs } = this.options;
    const timer = setTimeout(() => begun.abort(timeoutError()), requestTimeoutMs);
    try {
      const response = await this.reach.fetch(
        new Request(this.reach.url + path + search(query), {
          headers: { 'user-agent': this.options.userAgent, accept, ...headers },
          signal: AbortSignal.any([begun.signal, this.options.signal, ...(signal ? [signal] : [])]),
        }),
      );
      if (response.ok && response.body !== null) return response.body;
      throw refusalOf(response.status, await parsed(limited(response)), this.reach);
    } catch (error) {
      throw this.fault(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What went wrong on the way, also while a stream is read. */
  fault(error: unknown): Failure {
    if (this.options.signal.aborted) return new Failure('interrupted', 'interrupted');
    return noAnswer(error, this.reach, this.options.requestTimeoutMs);
  }

  private async timed(request: Request): Promise<Response> {
    const timeout = AbortSignal.timeout(this.options.requestTimeoutMs);
    const signal = AbortSignal.any([request.signal, timeout, this.options.signal]);
    return limited(await this.reach.fetch(new Request(request, { signal })));
  }
}

const timeoutError = (): DOMException => new DOMException('no answer in time', 'TimeoutError');

async function parsed(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function search(query: NonNullable<StreamRequest['query']>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) given.append(name, one);
  return given.size === 0 ? '' : `?${given.toString()}`;
}
