import { UNTOLD } from '#execution';
import { NoticeMemory } from '../src/notice-memory.ts';

const toldUpTo = (revision: number) => ({ ...UNTOLD, revision });

describe('what is remembered of notices', () => {
  it('is all of the latest executions, of more of them up to where they were told, and nothing of others', () => {
    const memory = new NoticeMemory({ whole: 1, revisions: 2 });
    for (const id of ['one', 'two', 'three']) memory.remember(id, toldUpTo(4));
    expect(['one', 'two', 'three'].map((id) => memory.told(id).revision)).toEqual([-1, -1, 4]);
    expect(['one', 'two', 'three'].map((id) => memory.toldThrough(id))).toEqual([-1, 4, 4]);
  });

  it('never goes back: an execution that is read again from its beginning stays told', () => {
    const memory = new NoticeMemory();
    memory.remember('one', toldUpTo(4));
    memory.remember('one', toldUpTo(0));
    expect([memory.told('one').revision, memory.toldThrough('one')]).toEqual([0, 4]);
  });
});
