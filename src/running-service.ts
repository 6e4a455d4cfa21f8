import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApplication } from './application.ts';
import type { BuildInfo } from './build-info.ts';
import type { Config } from './config/schema.ts';
import { healthRoutes } from './health/health-routes.ts';
import { createPlainServer } from './health/probe-server.ts';
import { ROUTES } from './http/routes.ts';
import { drain, listen } from './listening.ts';
import type { Log } from './logging/log.ts';
import { metricsRoutes } from './metrics/metrics-routes.ts';
import { PrometheusTelemetry } from './metrics/prometheus-telemetry.ts';
import type { Assemble } from './wiring/assemble.ts';
import type { Assembled } from './wiring/assembled.ts';

/** Ports the service listens on, which matter when the configuration said 0. */
export interface Ports {
  readonly http: number;
  readonly health: number;
  readonly metrics: number;
}

/** Of the grace given for stopping, the part requests in flight may use; the rest is for the runtime and the store. */
const DRAIN_SHARE = 0.6;

/** The whole service while it runs: runtime, REST API, health and metrics. */
export class RunningService {
  private stage: 'starting' | 'running' | 'stopping' = 'starting';
  private readonly stopping = new AbortController();
  private readonly telemetry: PrometheusTelemetry;
  private readonly probes: Server[] = [];
  private assembled: Assembled | undefined;
  private app: NestExpressApplication | undefined;

  constructor(
    private readonly config: Config,
    private readonly build: BuildInfo,
    private readonly log: Log,
  ) {
    this.telemetry = new PrometheusTelemetry(build, Object.keys(ROUTES));
  }

  /**
   * Health and metrics first, so that a slow start can be seen; requests last, when everything behind them acts.
   * @throws StartupError when something it needs is not there; `stop` then lets go of what was taken
   */
  async start(assemble: Assemble): Promise<Ports> {
    const { config, telemetry, log, build } = this;
    const health = await this.probe('health', healthRoutes({ health: () => this.health(), stage: () => this.stage }));
    const metrics = await this.probe('metrics', metricsRoutes(telemetry.registry));
    this.assembled = await assemble(config, telemetry, log);
    const stopping = this.stopping.signal;
    this.app = await createApplication(config, this.assembled, { telemetry, log, build, stopping });
    await this.assembled.start();
    const http = await listen(this.app.getHttpServer(), { ...config.http, key: 'http' });
    this.stage = 'running';
    return { http, health, metrics };
  }

  /** Stops accepting, finishes what is in flight, stops the runtime, closes the store, and last the probes. */
  async stop(): Promise<void> {
    this.stage = 'stopping';
    this.stopping.abort();
    const graceMs = this.config.shutdown.graceSeconds * 1000;
    if (this.app !== undefined) {
      const cut = await drain(this.app.getHttpServer(), graceMs * DRAIN_SHARE);
      if (cut > 0) this.log.warn({ connections: cut }, 'requests were not finished in time and were cut');
      await this.app.close();
    }
    await this.assembled?.stop();
    for (const server of this.probes) await drain(server, 0);
  }

  private async probe(key: 'health' | 'metrics', routes: Parameters<typeof createPlainServer>[0]): Promise<number> {
    const server = createPlainServer(routes);
    this.probes.push(server);
    return listen(server, { ...this.config[key], key });
  }

  private health(): ReturnType<Assembled['health']> {
    return this.assembled?.health() ?? Promise.reject(new Error('the runtime is not there'));
  }
}
