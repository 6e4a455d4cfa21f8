import type { ArchiveReader } from '#audit';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApplication } from '../../src/application.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { ROUTES } from '../../src/http/routes.ts';
import { createLog } from '../../src/logging/log.ts';
import { PrometheusTelemetry } from '../../src/metrics/prometheus-telemetry.ts';
import type { Vouchers } from '../../src/wiring/vouchers.ts';
import { MemoryExecutions } from './memory-executions.ts';
import { sealerOver } from './memory-seals.ts';
import { MemoryProjections } from './memory-projections.ts';
import { MemoryKeys } from '../../libs/runtime/test/support/sealed-log.ts';

/** The REST API on a free port of this machine, with a service in memory behind it. */
export interface Served {
  readonly url: string;
  readonly port: number;
  readonly app: NestExpressApplication;
  readonly service: MemoryExecutions;
  readonly projections: MemoryProjections;
  readonly telemetry: PrometheusTelemetry;
  /** Lines of the log, parsed. */
  readonly logged: Record<string, unknown>[];
  /** As at SIGTERM: what is new is refused, long answers end. */
  stop(): void;
  close(): Promise<void>;
}

export const BUILD = { version: '0.0.1', commit: 'abc123' };

export async function serve(environment: Record<string, string> = {}): Promise<Served> {
  const service = new MemoryExecutions();
  const projections = new MemoryProjections(() => service.fault);
  const telemetry = new PrometheusTelemetry(BUILD, Object.keys(ROUTES));
  const logged: Record<string, unknown>[] = [];
  const log = createLog('debug', { write: (line) => logged.push(JSON.parse(line) as Record<string, unknown>) });
  const config = readConfig(undefined, environment);
  const stopping = new AbortController();
  const parts = { telemetry, log, build: BUILD, stopping: stopping.signal };
  const vouchers: Vouchers = { gather: (signal) => service.vouchers.gather(signal) };
  const archives: ArchiveReader = { read: (file) => service.archives.read(file) };
  const sealKeys = new MemoryKeys();
  const { log: events, webhooks } = service;
  const assembled = {
    service,
    log: events,
    replaying: service.replaying,
    seals: sealerOver(service, sealKeys),
    sealKeys,
    vouchers,
    archives,
    webhooks,
    projections,
  };
  const app = await createApplication(config, assembled, parts);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const served: Served = {
    url: `http://127.0.0.1:${port}`,
    port,
    app,
    service,
    projections,
    telemetry,
    logged,
    stop: () => stopping.abort(),
    close: async () => {
      app.getHttpServer().closeAllConnections();
      await app.close();
    },
  };
  return served;
}

/** A spec that can be run, on a target of its own. */
export function specOf(target = `shop/deployment/app-${crypto.randomUUID().slice(0, 8)}`) {
  return {
    remediationRequestRef: { name: 'rr-1' },
    workflowRef: { workflowId: 'restart', version: '1.0.0', containerImage: 'registry.example.test/team/restart:1.0' },
    targetResource: target,
    parameters: { REPLICAS: '3' },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- whatever was answered
}

type Sent = { headers?: Record<string, string>; body?: unknown; raw?: string | Uint8Array };

/** One request; a body is sent as JSON, `raw` as it is. */
export async function ask(served: Served, method: string, path: string, sent: Sent = {}): Promise<Answer> {
  const body = sent.raw ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
  const headers = { ...(body !== undefined && { 'content-type': 'application/json' }), ...sent.headers };
  const init = { method, headers, ...(body !== undefined && { body: body as string }) };
  const response = await fetch(served.url + path, init);
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** Creates an execution and answers its id. */
export async function created(served: Served, more: object = {}): Promise<string> {
  const answer = await ask(served, 'POST', '/v1/executions', { body: { spec: specOf(), ...more } });
  if (answer.status !== 201) throw new Error(`expected 201, found ${answer.status}: ${JSON.stringify(answer.body)}`);
  return (answer.body as { executionId: string }).executionId;
}

/** One field of every item of an answered list. */
export const each = (items: unknown, field: string): unknown[] =>
  (items as Record<string, unknown>[]).map((item) => item[field]);
