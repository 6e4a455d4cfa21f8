import { WORKFLOW_EXECUTIONS } from '#kubernetes';
import { MemoryWorld, NAMESPACE } from '../support/memory-world.ts';

const AT = { namespace: NAMESPACE, name: 'shown' };

/** An execution that ended, and was shown; then the service goes down, its status becomes this, and the service is back. */
async function editedWhileDown(body: (status: Record<string, unknown>) => object) {
  const world = await MemoryWorld.open({ cooldownMs: 3_600_000 });
  const first = await world.replica();
  const id = await world.create(first, world.spec('quick'), 'shown');
  await world.recorded(id, 'ExecutionCompleted');
  await world.clock.advance(5_000);
  const before = world.resource('shown')?.status as Record<string, unknown>;
  await world.within(first.stop());
  await world.cluster.patchStatus(WORKFLOW_EXECUTIONS, AT, { type: 'merge', body: { status: body(before) } });
  await world.replica();
  await world.clock.advance(5_000);
  const corrections = (await world.events(id)).filter((event) => event.type === 'StatusDriftCorrected');
  const shown = world.resource('shown')?.status;
  await world.close();
  return { fields: corrections.map(({ data }) => data['fields']), shown, before };
}

describe('a status that somebody edited while the service was down', () => {
  test.each<[string, (status: Record<string, unknown>) => object, string[]]>([
    ['another phase and outcome', () => ({ phase: 'Failed', outcome: 'Failed' }), ['phase', 'outcome']],
    ['another run', () => ({ pipelineRunRef: { uid: 'another' } }), ['pipelineRunRef']],
    ['a lock that is free', () => ({ lock: { state: 'Released', until: null } }), ['lock']],
    ['a revision that is not there yet', () => ({ execution: { lastEvent: { revision: 900 } } }), ['execution']],
    ['another hash', () => ({ execution: { lastEvent: { hash: '0'.repeat(64) } } }), ['execution']],
    ['no event at all', () => ({ execution: null }), ['execution']],
  ])('%s: corrected, and recorded once', async (_, body, fields) => {
    const { fields: recorded, shown, before } = await editedWhileDown(body);
    expect(recorded).toEqual([fields]);
    expect(shown).toMatchObject({ phase: 'Completed', outcome: 'Success', lock: before['lock'] });
  });

  test('other words: corrected, and nobody is blamed: another version may have said so', async () => {
    const { fields, shown, before } = await editedWhileDown(() => ({ message: 'fine' }));
    expect(fields).toEqual([]);
    expect(shown).toMatchObject({ message: before['message'] });
  });
});

test('a status that is only behind, since the service died before it showed the end, was edited by nobody', async () => {
  const world = await MemoryWorld.open({ cooldownMs: 3_600_000 });
  const first = await world.replica();
  const id = await world.create(first, world.spec('slow'), 'shown');
  await world.recorded(id, 'TaskStarted');
  await world.clock.advance(2_000);
  const behind = world.resource('shown')?.status as object;
  await world.recorded(id, 'ExecutionCompleted');
  await world.within(first.stop());
  await world.cluster.patchStatus(WORKFLOW_EXECUTIONS, AT, {
    type: 'json',
    body: [{ op: 'add', path: '/status', value: behind }],
  });
  await world.replica();
  await world.clock.advance(5_000);
  expect(await world.types(id)).not.toContain('StatusDriftCorrected');
  expect(world.resource('shown')?.status).toMatchObject({ phase: 'Completed' });
  await world.close();
});
