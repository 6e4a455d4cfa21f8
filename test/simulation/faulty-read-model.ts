import type { ReadModel } from '#runtime';
import type { SimulatedProcess } from './process.ts';
import { never } from './process.ts';

/** The read model as one process has it: writing may fail, and the process may die before and after. */
export function faultyReadModel(model: ReadModel, process: SimulatedProcess): ReadModel {
  const { weather } = process.around;
  const write = async (name: string, perform: () => Promise<void>): Promise<void> => {
    if (!process.survives(`before ${name}`)) return never();
    if (weather.strikes('read model: write fails')) {
      process.say(`${name}: failed`);
      throw new Error('simulated: the read model cannot be written');
    }
    await perform();
    return process.survives(`after ${name}`) ? undefined : never();
  };
  return {
    checkpoint: () => model.checkpoint(),
    apply: (changes, events, checkpoint) => write('apply read model', () => model.apply(changes, events, checkpoint)),
    size: () => model.size(),
    successor: async () => {
      const successor = await model.successor();
      const next = successor.model;
      return {
        model: {
          checkpoint: () => next.checkpoint(),
          size: () => next.size(),
          reset: () => next.reset(),
          apply: (changes, events, checkpoint) =>
            write('apply next read model', () => next.apply(changes, events, checkpoint)),
        },
        take: () => write('take next read model', () => successor.take()),
        discard: () => successor.discard(),
      };
    },
    reset: () => write('reset read model', () => model.reset()),
    list: (filter, page) => model.list(filter, page),
    get: (id) => model.get(id),
    open: (after, limit) => model.open(after, limit),
    holding: (namespace, name, limit) => model.holding(namespace, name, limit),
    withResource: (after, limit) => model.withResource(after, limit),
    cooledDown: (at, limit) => model.cooledDown(at, limit),
    nextCooldownEnd: () => model.nextCooldownEnd(),
    waitingFor: (namespace, name, limit) => model.waitingFor(namespace, name, limit),
    archivable: (unchangedSince, limit) => model.archivable(unchangedSince, limit),
    expired: (finishedAt, limit) => model.expired(finishedAt, limit),
    oldestEnd: () => model.oldestEnd(),
    close: async () => undefined,
  };
}
