import 'reflect-metadata';
import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { systemClock } from '#kubernetes';
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
  const verification = new LogVerification({
    ...{
      store: served.log.store,
      vouchers: served.vouchers,
      archives: served.archives,
      telemetry,
      log,
      clock: systemClock,
    },
  });
  const exporter = new LogExport({
    ...{ store: served.log.store, index: served.log.index, seals: served.seals, keys: served.sealKeys },
    ...{ build, log },
  });
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.with({ config, served, build, streams, verification, exporter }),
    {
      logger: new NestLog(log),
      abortOnError: false,
      bodyParser: false,
      routeConflictPolicy: { duplicate: 'error', shadow: 'error' },
    },
  );
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(middleware.accessLog(log));
  app.use(middleware.requestMetrics(telemetry, () => performance.now() / 1000));
  app.use(middleware.safeHeaders);
  app.use(middleware.refuseWhileStopping(() => stopping.aborted));
  app.use(middleware.onlyJson);
  app.use(middleware.bodyDeadline(milliseconds(config.http.bodyPatience)));
  app.useBodyParser('json', { limit: config.http.bodyLimitBytes, type: isJson });
  app.use(middleware.bodyArrived);
  app.useGlobalPipes(validation());
  app.useGlobalFilters(new ProblemFilter());
  serveDocument(app, createDocument(app, build.version));
  await app.init();
  limitWaiting(app.getHttpServer());
  return app;
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
