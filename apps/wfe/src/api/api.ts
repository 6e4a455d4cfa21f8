import createClient, { type Client } from 'openapi-fetch';
import type { Reach } from '../connection/reach.ts';
import { Failure } from '../exit-codes.ts';
import { ANSWERS } from './answer-schemas.ts';
import { limited } from './limited.ts';
import { noAnswer } from './no-answer.ts';
import { refusalOf } from './refusals.ts';
import { otherThanExpected, readAs, type Asked } from './read-as.ts';
import type { components, paths } from './schema.ts';

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
  /** What each response is the answer to, and what it has to be. */
  private readonly questions = new WeakMap<Response, Asked & { readonly name: keyof components['schemas'] }>();

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
    this.client.use({
      onResponse: ({ request, schemaPath, response }) => {
        const name = ANSWERS[`${request.method} ${schemaPath}`] as keyof components['schemas'];
        this.questions.set(response, { name, method: request.method, url: withoutQuery(request.url) });
      },
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
    const { name, ...asked } = this.questions.get(response) ?? unasked();
    return readAs(name, data, asked) as NonNullable<R['data']>; // the schema and the type are of the same document
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
      if (!response.ok || response.body === null)
        throw refusalOf(response.status, await parsed(limited(response)), this.reach);
      mustBeOf(accept, response.headers.get('content-type'), this.asking(path));
      return response.body;
    } catch (error) {
      begun.abort();
      throw this.fault(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** How people are told of what was asked. */
  asking(path: string): Asked {
    return { method: 'GET', url: this.reach.url + path };
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

const withoutQuery = (url: string): string => url.split('?', 1)[0] ?? '';

function unasked(): never {
  throw new Error('expected the response to a question of this client, found another');
}

/** Something on the way may answer with a page of its own, and would be read as a stream without a word. @throws Failure */
function mustBeOf(accept: string, type: string | null, asked: Asked): void {
  const found = type?.split(';', 1)[0]?.trim().toLowerCase() ?? accept;
  if (found !== accept) throw otherThanExpected({ path: '', expected: accept, found }, asked);
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
