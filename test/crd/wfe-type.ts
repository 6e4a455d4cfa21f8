import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Definition } from '../../apps/sandbox/src/api/types/definition.ts';
import { servedBy } from '../../apps/sandbox/src/api/types/definition.ts';
import type { KubeObject } from '../../apps/sandbox/src/api/index.ts';
import { pruneObject } from '../../apps/sandbox/src/api/schema/prune.ts';
import { packageRoot } from '../../apps/sandbox/src/package-root.ts';

/** The CustomResourceDefinition as the chart ships it. */
export const DEFINITION = parse(
  readFileSync(`${packageRoot}/charts/workflow-execution/crds/workflowexecutions.yaml`, 'utf8'),
) as Definition;

const [type] = servedBy(DEFINITION);
if (type === undefined) throw new Error('expected the CRD to serve a version, found none');

/** The type as the sandbox serves it. */
export const WFE = type;

export function resource(parts: { readonly spec: unknown; readonly status?: unknown }): KubeObject {
  const metadata = { name: 'checked', namespace: 'default' };
  return { apiVersion: `${WFE.group}/${WFE.version}`, kind: WFE.kind, metadata, ...parts };
}

/** What the API would keep of an object, which fields it would drop, and what it would refuse it for. */
export function admitted(object: KubeObject, previous?: KubeObject) {
  const { value, unknown } = pruneObject({ ...object }, WFE.schema);
  const refusals = WFE.validate(value, previous, []).map(({ field, message }) => `${field}: ${message}`);
  return { kept: value, dropped: unknown, refusals };
}
