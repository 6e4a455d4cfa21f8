import type { Registry } from 'prom-client';
import type { PlainRoutes } from '../health/probe-server.ts';

/** `/metrics` in Prometheus' text format. */
export function metricsRoutes(registry: Registry): PlainRoutes {
  return {
    '/metrics': async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() }),
  };
}
