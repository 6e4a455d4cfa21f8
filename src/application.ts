import 'reflect-metadata';
import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { systemClock } from '#kubernetes';
import type { ModuleParts } from './app.module.ts';
import { AppModule } from './app.module.ts';
import type { BuildInfo } from './build-info.ts';
import { milliseconds } from './config/leaf.ts';
import type { Config } from './config/schema.ts';
import { LogExport } from './http/log-export.ts';
import { LogVerification } from './http/log-verification.ts';
import * as middleware from './http/middleware.ts';
import { createDocument, serveDocument } from './http/openapi.ts';
import { ProblemFilter } from './http/problem-filter.ts';
import { Streams } from './http/streaming.ts';
import { validation } from './http/validation.ts';
import type { Log } from './logging/log.ts';
import { NestLog } from './logging/nest-log.ts';
import type { Telemetry } from './metrics/telemetry.ts';
import type { Served } from './wiring/assembled.ts';

/** What the REST API needs to know beside the runtime. */
export interface ApplicationParts {
  readonly telemetry: Telemetry;
  readonly log: Log;
  readonly build: BuildInfo;
  /** Aborts once the service stops: requests on open connections are refused, long answers end. */
  readonly stopping?: AbortSignal;
}

/** The REST API, ready to listen: `app.getHttpServer()`. The runtime is given, and not started or stopped here. */
export async function createApplication(
  config: Config,
  served: Served,
  { telemetry, log, build, stopping = new AbortController().signal }: ApplicationParts,
): Promise<NestExpressApplication> {
  const streams = new Streams({ telemetry, log, stopping, patienceMs: milliseconds(config.http.readPatience) });
  const module = AppModule.with({ config, served, build, streams, ...longAnswers(served, { telemetry, log, build }) });
  const app = await NestFactory.create<NestExpressApplication>(module, {
    logger: new NestLog(log),
    abortOnError: false,
    bodyParser: false,
    rawBody: true, // for `onlyUtf8`
    routeConflictPolicy: { duplicate: 'error', shadow: 'error' },
  });
  app.disable('x-powered-by');
  app.disable('etag');
  admit(app, config.http, { telemetry, log, stopping });
  app.useGlobalPipes(validation());
  app.useGlobalFilters(new ProblemFilter());
  serveDocument(app, createDocument(app, build.version));
  await app.init();
  limitWaiting(app.getHttpServer());
  return app;
}

/** What answers for as long as the log is read. */
function longAnswers(
  { log: audited, vouchers, archives, seals, sealKeys: keys }: Served,
  { telemetry, log, build }: Pick<ApplicationParts, 'telemetry' | 'log' | 'build'>,
): Pick<ModuleParts, 'verification' | 'exporter'> {
  const { store, index } = audited;
  return {
    verification: new LogVerification({ store, vouchers, archives, telemetry, log, clock: systemClock }),
    exporter: new LogExport({ store, index, seals, keys, build, log }),
  };
}

/** What every request passes on its way in, in this order. */
function admit(
  app: NestExpressApplication,
  { bodyPatience, bodyLimitBytes }: Config['http'],
  { telemetry, log, stopping }: Pick<Required<ApplicationParts>, 'telemetry' | 'log' | 'stopping'>,
): void {
  app.use(middleware.accessLog(log));
  app.use(middleware.requestMetrics(telemetry, () => performance.now() / 1000));
  app.use(middleware.safeHeaders);
  app.use(middleware.refuseWhileStopping(() => stopping.aborted));
  app.use(middleware.onlyJson);
  app.use(middleware.bodyDeadline(milliseconds(bodyPatience)));
  app.useBodyParser('json', { limit: bodyLimitBytes, type: isJson });
  app.use(middleware.onlyUtf8);
  app.use(middleware.bodyArrived);
}

/** What is no JSON was refused before; everything that is left is read. */
const isJson = (): boolean => true;

/** Waiting for a client always has an end. */
function limitWaiting(server: Server): void {
  server.headersTimeout = 15_000;
  server.requestTimeout = 120_000;
  server.keepAliveTimeout = 10_000;
  server.maxRequestsPerSocket = 10_000;
}
