import type { BundleRequest } from '#audit';
import type { World } from '../world.ts';
import { sampleWorld } from '../world.ts';

/** Events of each history. */
export const ROUNDS = 5;

export const ALL: BundleRequest = { kind: 'all' };
export const ONE: BundleRequest = { kind: 'execution', executionId: 'beta' };
export const SOME: BundleRequest = { kind: 'executions', executionIds: ['gamma', 'beta'] };
export const UNSEALED_CLAIM: BundleRequest = { kind: 'execution', executionId: 'alpha', chain: true };

/** Times that end long before the histories were archived. */
export const before = (world: World): BundleRequest => ({ kind: 'time', from: world.timeOf(4), to: world.timeOf(6) });

/** Beta is archived under a seal, alpha after the last one, gamma is whole. */
export async function archivedWorld(): Promise<World> {
  const world = await sampleWorld({ rounds: ROUNDS, tail: 0 });
  await world.archive('beta');
  await world.seal();
  await world.archive('alpha');
  return world;
}
