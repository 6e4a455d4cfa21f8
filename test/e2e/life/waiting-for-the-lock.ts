import type { EventJson } from '../../support/rest.ts';
import { placeOf, specFor } from '../../support/rest.ts';
import { isChained, isWhole } from '../client.ts';
import type { Stage } from '../stage.ts';
import * as places from './places.ts';
import { accept, giveBack, policy } from './places.ts';

/** First come, first served, started by the release itself; through a restart, and whoever leaves the queue. */
export function waitingForTheLock(stage: Stage): void {
  /** Joins the queue for a target. */
  async function join(target: string): Promise<{ id: string; name: string }> {
    const placed = await accept(stage.client, specFor('quick', target, policy('Wait')));
    await stage.client.recorded(placed.id, 'ExecutionQueued');
    return placed;
  }

  /** One after the other: each is started by the release of the one before, and none before its turn. */
  async function takeTurns(ids: readonly string[]): Promise<readonly number[]> {
    const { client } = stage;
    const delays: number[] = [];
    for (const [index, id] of ids.entries()) {
      const before = ids[index - 1];
      if (before !== undefined) await giveBack(client, before);
      const events = await client.endedHistory(id);
      isChained(events);
      if (before === undefined) continue;
      isWhole(events);
      expect(events.at(-1)?.type).toBe('ExecutionCompleted');
      const [freed, started] = [
        await client.recorded(before, 'LockReleased'),
        await client.recorded(id, 'PipelineRunCreated'),
      ];
      expect(placeOf(started)).toBeGreaterThan(placeOf(freed));
      for (const later of ids.slice(index + 1)) expect((await client.types(later)).at(-1)).toBe('ExecutionQueued');
      delays.push(msBetween(freed, started));
    }
    return delays;
  }

  it.each([2, 3])('%i waiters start in log order, each after the release of the one before', async (count) => {
    const owner = await places.running(stage);
    const waiters: string[] = [];
    for (let index = 0; index < count; index += 1) waiters.push((await join(owner.target)).id);
    await stage.client.post(owner.id, 'cancel', { mode: 'Immediate', reason: 'make room' });
    const delays = await takeTurns([owner.id, ...waiters]);
    // Read, not asserted: that the release starts them, and no clock, is test/runtime/waiting.spec.ts's to show.
    process.stderr.write(`from LockReleased to PipelineRunCreated of the next: ${delays.join(', ')} ms\n`);
  });

  it.each(['in good order', 'by kill -9'])('a waiter survives a restart of the service, %s', async (how) => {
    const owner = await places.running(stage);
    const waiter = await join(owner.target);
    if (how === 'by kill -9') await stage.service.kill9();
    else await stage.service.stop();
    await stage.service.start();
    await stage.client.post(owner.id, 'cancel', { mode: 'Immediate', reason: 'make room' });
    await takeTurns([owner.id, waiter.id]);
  });

  it('who is cancelled or deleted while waiting leaves the queue, and nobody else does', async () => {
    const { client } = stage;
    const owner = await places.running(stage);
    const [cancelled, deleted, last] = [await join(owner.target), await join(owner.target), await join(owner.target)];
    await client.post(cancelled.id, 'cancel', { mode: 'Graceful', reason: 'not needed any more' });
    await client.remove(deleted.name);
    await client.gone(deleted.name);
    for (const { id } of [cancelled, deleted]) {
      expect((await client.ended(id)).status).toMatchObject({ outcome: 'Cancelled' });
      expect(await client.types(id)).not.toContain('PipelineRunCreated');
    }
    await client.post(owner.id, 'cancel', { mode: 'Immediate', reason: 'make room' });
    await takeTurns([owner.id, last.id]);
  });
}

const msBetween = (first: EventJson, second: EventJson): number =>
  Date.parse(second.metadata.time) - Date.parse(first.metadata.time);
