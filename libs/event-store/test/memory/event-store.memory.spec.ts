import { MemoryEventStore, MemoryLog } from '#event-store';
import { eventStoreContract } from '../contract.ts';
import { newEvents } from '../events.ts';
import { memoryUnderTest } from './under-test.ts';

eventStoreContract('memory', memoryUnderTest);

describe('memory store', () => {
  test('with a given store id two runs give the same positions and hashes', async () => {
    const events = newEvents(3);
    const run = async () =>
      new MemoryEventStore(new MemoryLog('00000000-0000-4000-8000-000000000001')).append('a-1', 'none', events);
    const first = await run();
    expect(await run()).toEqual(first);
    expect(first.position).toBe('m1:000000000000:3');
  });

  test('nobody can change what was recorded', async () => {
    const store = new MemoryEventStore();
    const { events } = await store.append('a-1', 'none', newEvents(1));
    expect(() => Object.assign(events[0]!.data, { n: 2 })).toThrow(TypeError);
  });
});
