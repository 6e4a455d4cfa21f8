import { PIPELINE_RUNS } from '#kubernetes';
import type { Informers } from './informers.ts';
import type { ProjectionLag } from './projection-lag.ts';
import type { Projector } from './projector.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import type { Health, RuntimeHealth } from './service.ts';

/** A watch not heard of for longer than this is stale: nothing it says can be relied on. */
const STALE_MS = 120_000;

/** How the parts are now; asks the store and the cluster. */
export async function healthOf(
  { store, cluster, defaults, sealer }: RuntimeOptions,
  projector: Pick<Projector, 'trouble'>,
  projectionLag: Pick<ProjectionLag, 'measure'>,
  informers: Pick<Informers, 'oldestContactMs'>,
): Promise<RuntimeHealth> {
  const [storeHealth, tekton, lag] = await Promise.all([
    answered(store.probe()),
    answered(cluster.list(PIPELINE_RUNS, { namespace: defaults.executionNamespace, limit: 1 })),
    projectionLag.measure().catch(() => undefined), // the store's health says why
  ]);
  const { trouble } = projector;
  const readModel: Health = trouble === undefined ? { ok: true } : { ok: false, message: trouble };
  const watches = watchHealth(informers.oldestContactMs());
  return {
    store: storeHealth,
    tekton,
    cluster: watches,
    readModel: { ...readModel, ...(lag && { lagEvents: lag.events }) },
    ...(sealer !== undefined && { seals: sealHealth(sealer.trouble) }),
  };
}

const sealHealth = (trouble: string | undefined): Health =>
  trouble === undefined ? { ok: true } : { ok: false, message: trouble };

async function answered(question: Promise<unknown>): Promise<Health> {
  try {
    await question;
    return { ok: true };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

function watchHealth(ageMs: number | undefined): Health {
  if (ageMs === undefined) return { ok: false, message: 'the watches have not been answered yet' };
  if (ageMs > STALE_MS) return { ok: false, message: `a watch was last heard ${Math.round(ageMs / 1000)} s ago` };
  return { ok: true };
}
