import { ClusterError, MemoryCluster, VirtualClock } from '#kubernetes';
import { MemoryPublisher } from '../../libs/runtime/test/support/sealed-log.ts';
import { Scene, SOMEBODY } from '../../libs/runtime/test/sealing/scene.ts';
import { memoryTypes } from '../../apps/sandbox/src/memory-types.ts';
import { quietLog } from '../../libs/runtime/test/support/quiet.ts';
import type { VoucherParts } from '../../src/wiring/vouchers.ts';
import { vouchersOf } from '../../src/wiring/vouchers.ts';

const NEVER = new AbortController().signal;

/** A log with one seal, which is shown in a file. */
async function world(options: { readonly isSealed: boolean } = { isSealed: true }) {
  const scene = new Scene();
  const sealer = scene.sealer();
  await scene.record(1);
  if (options.isSealed) {
    await sealer.sealNow(SOMEBODY);
    const leading = scene.leading(sealer);
    await scene.clock.advance(1);
    await leading.stop();
  }
  const cluster = new MemoryCluster({ clock: new VirtualClock(), types: memoryTypes() });
  const gathered = async (more: Partial<VoucherParts> = {}) => {
    const parts = { publishers: [scene.file], seals: sealer, keys: scene.keys, cluster, namespaces: [], log: quietLog };
    const beside = await vouchersOf({ ...parts, ...more }).gather(NEVER);
    for await (const witness of beside.witnesses ?? []) void witness;
    return beside;
  };
  return { scene, gathered };
}

test('a log is held against the published seals, the own keys and the resources, and nothing is missing', async () => {
  const { scene, gathered } = await world();
  const { heads, ownKeys, without } = await gathered({ publishers: [scene.file, new MemoryPublisher('log')] });
  expect([heads, ownKeys?.length, without]).toEqual([[scene.file.head], 1, []]);
});

test('a place where a seal was published and nothing is now is named', async () => {
  const { scene, gathered } = await world();
  scene.file.head = undefined;
  const { heads, without } = await gathered();
  expect([heads, without]).toEqual([[], ['the published seal in the file in memory: nothing is published there']]);
});

test('before the first seal nothing is expected there', async () => {
  const { gathered } = await world({ isSealed: false });
  expect((await gathered()).without).toEqual([]);
});

test('what cannot be read is named with the reason, and the others speak all the same', async () => {
  const { scene, gathered } = await world();
  scene.file.troubles.push(new Error('EACCES: permission denied'));
  const configMap = new MemoryPublisher('configmap');
  configMap.head = scene.file.head;
  const keys = { find: () => Promise.reject(new Error('the key file is damaged')) };
  const cluster = { list: () => Promise.reject(new ClusterError('forbidden', 'list workflowexecutions: forbidden')) };
  const { heads, ownKeys, without } = await gathered({ publishers: [scene.file, configMap], keys, cluster });
  expect([heads?.length, ownKeys]).toEqual([1, undefined]);
  expect(without).toEqual([
    'the published seal in the file in memory: EACCES: permission denied',
    'the keys of this service: the key file is damaged',
    'what resources show: list workflowexecutions: forbidden',
  ]);
});
