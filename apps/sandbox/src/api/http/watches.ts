import type { ServerResponse } from 'node:http';
import type { Change } from '../../store/history.ts';
import type { ApiContext, ResourceRequest } from '../context.ts';
import { bookmark, eventOf, planWatch } from '../verbs/watch.ts';
import type { WatchEvent, WatchPlan } from '../verbs/watch.ts';
import { integerParameter } from '../verbs/options.ts';
import { eventForm } from './representation.ts';
import { SANDBOX_HEADER } from './respond.ts';

/** A watcher that reads slower than this falls behind for good and is cut off. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024;
/** The API server ends a watch without timeoutSeconds after 30 to 60 minutes. */
const DEFAULT_TIMEOUT_SECONDS = 45 * 60;
const LAST_BOOKMARK_MS = 2000;

/** One open watch connection. */
export class WatchConnection {
  readonly request: ResourceRequest;
  readonly #api: ApiContext;
  readonly #response: ServerResponse;
  readonly #plan: WatchPlan;
  readonly #form: (event: WatchEvent) => WatchEvent;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #ended: () => void;
  #unsubscribe: () => void = () => undefined;
  #frozen = false;

  /** @throws ApiError when the request makes no sense; nothing has been sent then */
  constructor(
    api: ApiContext,
    request: ResourceRequest,
    response: ServerResponse,
    bookmarkIntervalMs: number,
    ended: (watch: WatchConnection) => void,
  ) {
    this.#api = api;
    this.request = request;
    this.#response = response;
    this.#plan = planWatch(api, request);
    this.#form = eventForm(request, api.clock);
    const timeoutSeconds = integerParameter(request.query, 'timeoutSeconds') || DEFAULT_TIMEOUT_SECONDS;
    this.#ended = () => ended(this);
    response.on('close', () => this.#stop());
    this.#start(timeoutSeconds * 1000, bookmarkIntervalMs);
  }

  /** Breaks the connection in the middle of the stream. */
  cut(): void {
    this.#response.destroy();
  }

  /** Keeps the connection open and sends nothing more on it, ever. */
  freeze(): void {
    this.#frozen = true;
  }

  #start(timeoutMs: number, bookmarkIntervalMs: number): void {
    this.#response.writeHead(200, {
      ...SANDBOX_HEADER,
      'Content-Type': 'application/json',
      'Cache-Control': 'no-cache, private',
    });
    this.#response.flushHeaders();
    for (const event of this.#plan.first) this.#send(event);
    if (this.#plan.ends) {
      this.#response.end();
      return;
    }
    this.#unsubscribe = this.#api.store.subscribe((change) => this.#changed(change));
    this.#timers.push(setTimeout(() => this.#end(), timeoutMs));
    if (!this.#plan.bookmarks) return;
    this.#timers.push(setInterval(() => this.#bookmark(), bookmarkIntervalMs));
    if (timeoutMs > LAST_BOOKMARK_MS)
      this.#timers.push(setTimeout(() => this.#bookmark(), timeoutMs - LAST_BOOKMARK_MS));
  }

  #changed(change: Change): void {
    if (change.revision <= this.#plan.after) return;
    const event = eventOf(this.#plan, change);
    if (event) this.#send(event);
  }

  #bookmark(): void {
    this.#send(bookmark(this.#plan.type, this.#api.store.revision));
  }

  #send(event: WatchEvent): void {
    if (this.#frozen) return;
    this.#response.write(`${JSON.stringify(this.#form(event))}\n`);
    if (this.#response.writableLength > MAX_BACKLOG_BYTES) this.cut();
  }

  #end(): void {
    if (!this.#frozen) this.#response.end();
  }

  #stop(): void {
    this.#unsubscribe();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#ended();
  }
}
