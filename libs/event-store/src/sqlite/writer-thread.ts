import type { DatabaseSync } from 'node:sqlite';
import type { MessagePort } from 'node:worker_threads';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { AppendOrder, Failure, WriterOrder, WriterReport, WriterStart } from './protocol.ts';
import { CorruptionError, UnavailableError } from '../errors.ts';
import { Appender } from './appender.ts';
import { openWriter } from './connection.ts';
import { notApplied, sqliteFault } from './faults.ts';
import { prepareFile } from './schema.ts';

/** Events that share one commit at most, so that nobody waits long for a commit to be made. */
const GROUP_EVENTS = 1_000;

/** Takes orders, commits appends in groups, reports. Whatever arrives while a commit runs is the next group. */
class WriterThread {
  readonly #queue: WriterOrder[] = [];

  constructor(
    private readonly port: MessagePort,
    private readonly db: DatabaseSync,
    private readonly appender: Appender,
  ) {}

  take(orders: readonly WriterOrder[]): void {
    this.#queue.push(...orders);
    for (this.#collect(); this.#queue.length > 0; this.#collect()) this.#next();
  }

  /** What waits at the port already, without going through the event loop for each message. */
  #collect(): void {
    for (let found = receiveMessageOnPort(this.port); found !== undefined; found = receiveMessageOnPort(this.port)) {
      this.#queue.push(...(found.message as WriterOrder[]));
    }
  }

  #next(): void {
    const [order] = this.#queue;
    if (order?.kind === 'append') return this.#appendGroup();
    this.#queue.shift();
    if (order?.kind === 'probe')
      return this.#report({ kind: 'answers', answers: [[order.number, this.appender.probe()]] });
    if (order?.kind === 'archive')
      return this.#report({ kind: 'answers', answers: [[order.number, this.appender.archive(order)]] });
    this.db.close();
    this.port.close();
  }

  #appendGroup(): void {
    const group: AppendOrder[] = [];
    for (let events = 0; events < GROUP_EVENTS && this.#queue[group.length]?.kind === 'append';) {
      const append = this.#queue[group.length] as AppendOrder;
      events += append.events.length;
      group.push(append);
    }
    this.#queue.splice(0, group.length);
    const outcomes = this.appender.appendGroup(group);
    this.#report({ kind: 'answers', answers: outcomes.map((outcome, index) => [group[index]!.number, outcome]) });
  }

  #report(report: WriterReport): void {
    this.port.postMessage(report);
  }
}

function start(port: MessagePort, { file, maxPages }: WriterStart): WriterReport {
  let db: DatabaseSync | undefined;
  try {
    db = openWriter(file, maxPages);
    const storeId = prepareFile(db, file);
    const writer = new WriterThread(port, db, new Appender(db, file));
    port.on('message', (orders: WriterOrder[]) => writer.take(orders));
    return { kind: 'ready', storeId };
  } catch (error) {
    db?.close();
    return { kind: 'refused', failure: failureOf(error, file) };
  }
}

function failureOf(error: unknown, file: string): Failure {
  const named = error instanceof UnavailableError ? error : notApplied(sqliteFault(error), file, 'open');
  return { kind: named instanceof CorruptionError ? 'corrupt' : 'unavailable', message: named.message };
}

if (parentPort === null) throw new Error('writer-thread.ts runs as a worker thread only');
parentPort.postMessage(start(parentPort, workerData as WriterStart));
