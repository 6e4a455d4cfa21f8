import type { Health, RuntimeHealth } from '#runtime';
import type { PlainAnswer, PlainRoutes } from './probe-server.ts';
import { json } from './probe-server.ts';

/** What readiness is made from. */
export interface HealthSources {
  health(): Promise<RuntimeHealth>;
  /** What the process is doing; ready only while `running`. */
  stage(): 'starting' | 'running' | 'stopping';
}

const PATIENCE_MS = 3_000;

/** `/healthz`: the process is alive. `/readyz`: every part is well, or which is not and why. */
export function healthRoutes(sources: HealthSources, patienceMs = PATIENCE_MS): PlainRoutes {
  return {
    '/healthz': async () => json(200, { status: 'alive' }),
    '/readyz': () => readiness(sources, patienceMs),
  };
}

async function readiness(sources: HealthSources, patienceMs: number): Promise<PlainAnswer> {
  const stage = sources.stage();
  if (stage !== 'running') return json(503, { status: 'not ready', reason: `the service is ${stage}` });
  const parts = await partsOf(sources, patienceMs);
  if (typeof parts === 'string') return json(503, { status: 'not ready', reason: parts });
  // Unsealed events are told of, here and by metrics; they are recorded all the same, and the service works.
  const isReady = Object.entries(parts).every(([name, part]: [string, Health]) => part.ok || name === 'seals');
  return json(isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready', parts });
}

/** The parts, or why they could not be asked. */
async function partsOf(sources: HealthSources, patienceMs: number): Promise<RuntimeHealth | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`the runtime did not say how it is within ${patienceMs} ms`), patienceMs);
  });
  const asked = sources.health().catch((error: unknown) => `the runtime could not say how it is: ${nameOf(error)}`);
  const answer = await Promise.race([asked, late]);
  clearTimeout(timer);
  return answer;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown error');
