import { runNameOf } from '#execution';
import { PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { until } from '../support/until.ts';
import { NAMESPACE, RUNS, Scene } from './scene.ts';

const ID_LABEL = 'workflowexecution.kubernaut.ai/execution-id';

describe('a run of ours that comes into being after its execution ended without one', () => {
  it('is recorded and removed', async () => {
    const scene = await Scene.open({ withTekton: false });
    try {
      const spec = scene.spec('echo', { targetResource: 'no target' });
      const object = await scene.apply('ended-without', spec);
      const id = object.metadata.uid ?? '';
      await scene.endsWith(id, 'ExecutionFailed');
      await scene.cluster.create(PIPELINE_RUNS, {
        apiVersion: 'tekton.dev/v1',
        kind: 'PipelineRun',
        metadata: { namespace: RUNS, name: runNameOf(spec.targetResource), labels: { [ID_LABEL]: id } },
        spec: { pipelineRef: { name: 'late' } },
      });
      await scene.endsWith(id, 'ContradictionObserved');
      await until('the run to be gone', async () => (await scene.runs()).length === 0);
      const shown = await scene.cluster.get(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name: 'ended-without' });
      expect(shown.status).toMatchObject({ phase: 'Failed', failureDetails: { reason: 'ConfigurationError' } });
    } finally {
      await scene.close();
    }
  });
});
