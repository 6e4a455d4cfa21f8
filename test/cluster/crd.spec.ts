import { join } from 'node:path';
import { fold, statusOf } from '#execution';
import type { ClusterConnection, KubeObject } from '#kubernetes';
import { WORKFLOW_EXECUTIONS } from '#kubernetes';
import { packageRoot } from '../../apps/sandbox/src/package-root.ts';
import { SPEC } from '../../libs/execution/test/support/examples.ts';
import { eventsOf, STAGES } from '../../libs/execution/test/support/stages.ts';
import { history } from '../../libs/execution/test/support/story.ts';
import { LONGEST_SPEC } from '../crd/longest-spec.ts';
import { lab } from './support/lab.ts';

const LAST = { revision: 4, type: 'TaskStarted', hash: 'f'.repeat(64) };
const NAME = { namespace: 'default', name: `crd-${process.pid}` };

const execution = (spec: unknown): KubeObject => ({
  apiVersion: `${WORKFLOW_EXECUTIONS.group}/${WORKFLOW_EXECUTIONS.version}`,
  kind: WORKFLOW_EXECUTIONS.kind,
  metadata: NAME,
  spec,
});

describe('the CRD on a real API server', () => {
  const server = lab();
  let cluster: ClusterConnection;

  beforeAll(async () => {
    await server.applyYaml(join(packageRoot, 'charts/workflow-execution/crds/workflowexecutions.yaml'));
    cluster = server.connect();
  });
  afterEach(() => cluster.delete(WORKFLOW_EXECUTIONS, NAME));
  afterAll(() => cluster.close());

  test.each(STAGES.filter((stage) => stage !== 'Absent'))('keeps the status as it is: %s', async (stage) => {
    await cluster.create(WORKFLOW_EXECUTIONS, execution(SPEC));
    const status = statusOf(fold(history(eventsOf(stage))), LAST);
    const body = [{ op: 'add', path: '/status', value: status }];
    const after = await cluster.patchStatus(WORKFLOW_EXECUTIONS, NAME, { type: 'json', body });
    expect(after.status).toEqual(status);
  });

  test('takes the longest spec that REST takes', async () => {
    expect((await cluster.create(WORKFLOW_EXECUTIONS, execution(LONGEST_SPEC))).spec).toEqual(LONGEST_SPEC);
  });
});
