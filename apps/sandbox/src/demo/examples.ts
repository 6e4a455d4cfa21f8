import { readFile } from 'node:fs/promises';
import type { ClusterConnection, KubeObject } from '#kubernetes';
import { WORKFLOW_EXECUTIONS } from '#kubernetes';
import { parse } from 'yaml';
import { packageRoot } from '../package-root.ts';
import type { ServiceClient } from './service-client.ts';
import type { ShownEvent } from './timeline.ts';
import { timelineLine } from './timeline.ts';

export interface Example {
  readonly title: string;
  readonly executionId: string;
}

const LOOK_MS = 100;
const ENDS = new Set(['ExecutionCompleted', 'ExecutionFailed', 'ExecutionCancelled', 'ExecutionSkipped']);

/** One example by REST and one by applying the manifest. `suffix` keeps names and targets of several starts apart. */
export async function createExamples(
  client: ServiceClient,
  cluster: ClusterConnection,
  suffix: string,
): Promise<readonly Example[]> {
  const executionId = await client.create({
    namespace: 'default',
    spec: {
      remediationRequestRef: { name: 'demo-by-rest' },
      workflowRef: { workflowId: 'echo', version: '1.0.0', containerImage: 'sandbox.local/echo:1' },
      targetResource: `default/deployment/by-rest-${suffix}`,
      parameters: { MESSAGE: 'hello from REST' },
      rationale: 'the demo of npm start',
    },
  });
  const applied = await applyManifest(cluster, suffix);
  return [
    { title: 'by REST', executionId },
    { title: 'by manifest', executionId: applied.metadata.uid ?? '' },
  ];
}

async function applyManifest(cluster: ClusterConnection, suffix: string): Promise<KubeObject> {
  const manifest = parse(await readFile(`${packageRoot}/examples/echo.yaml`, 'utf8')) as KubeObject;
  const name = `${manifest.metadata.name}-${suffix}`;
  const spec = { ...(manifest.spec as object), targetResource: `default/deployment/by-manifest-${suffix}` };
  const body = { ...manifest, metadata: { ...manifest.metadata, name }, spec };
  const namespace = manifest.metadata.namespace ?? 'default';
  return cluster.patch(WORKFLOW_EXECUTIONS, { namespace, name }, { type: 'apply', body, fieldManager: 'sandbox-demo' });
}

/**
 * Prints the events of an execution as they happen, until it has ended.
 * @returns true when it completed; false when it failed, or had not ended in time
 */
export async function follow(
  client: ServiceClient,
  example: Example,
  print: (line: string) => void,
  timeoutMs: number,
): Promise<boolean> {
  const endMs = Date.now() + timeoutMs;
  let firstTime: string | undefined;
  for (let after = -1; Date.now() < endMs;) {
    for (const event of await client.events(example.executionId, after)) {
      firstTime ??= event.metadata.time;
      print(timelineLine(example.title, event, firstTime));
      after = event.revision;
      if (ENDS.has(event.type)) return isCompletion(event);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  print(`${example.title}: it has not ended after ${timeoutMs / 1000} s`);
  return false;
}

const isCompletion = (event: ShownEvent): boolean => event.type === 'ExecutionCompleted';
