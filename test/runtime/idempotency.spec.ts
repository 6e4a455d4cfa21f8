import { Scene, NAMESPACE } from './scene.ts';

describe('two requests with one idempotency key at once', () => {
  it('get one execution, also when its resource exists before the second looks for it', async () => {
    const scene = await Scene.open();
    try {
      const get = { verb: 'get', plural: 'workflowexecutions', name: 'twice' } as const;
      scene.sandbox.api.faults.next(get, { kind: 'delay', ms: 400 });
      const request = { namespace: NAMESPACE, name: 'twice', idempotencyKey: 'k', spec: scene.spec('quick') };
      const ask = () => scene.runtime.service.create(request, { actor: { user: 'tester' }, source: 'rest' });
      const [one, other] = await Promise.all([ask(), ask()]);
      expect(one).toMatchObject({ kind: 'Done' });
      expect(other).toMatchObject({ kind: 'Done', executionId: one.kind === 'Done' ? one.executionId : '' });
      expect([one, other].map((answer) => answer.kind === 'Done' && answer.repeated).sort()).toEqual([false, true]);
    } finally {
      await scene.close();
    }
  });
});
