import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServedType } from '#kubernetes';
import { CONFIG_MAPS, EVENTS, LEASES, PIPELINE_RUNS, SECRETS, TASK_RUNS } from '#kubernetes';
import { parse } from 'yaml';
import type { Definition } from './api/types/definition.ts';
import { packageRoot } from './package-root.ts';
import { servedAsDefined } from './schema-admission.ts';
import { tektonAdmission } from './tekton/index.ts';

const OUR_CRD = 'charts/workflow-execution/crds/workflowexecutions.yaml';

let ours: ServedType | undefined;

/** The types a `MemoryCluster` serves to be like a cluster with this product and Tekton installed: our CRD's schema and rules, Tekton's webhooks. */
export function memoryTypes(): readonly ServedType[] {
  // Compiling the schema takes longer than a simulated run: once is enough.
  ours ??= servedAsDefined(parse(readFileSync(join(packageRoot, OUR_CRD), 'utf8')) as Definition);
  return [
    ours,
    { type: PIPELINE_RUNS, hasStatus: true, admission: tektonAdmission },
    { type: TASK_RUNS, hasStatus: true },
    { type: LEASES, hasStatus: false },
    { type: EVENTS, hasStatus: false },
    { type: CONFIG_MAPS, hasStatus: false },
    { type: SECRETS, hasStatus: false },
  ];
}
