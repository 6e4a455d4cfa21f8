import type { ArchiveExecution, Fact } from '#execution';
import { decide, fold, isClosed, statusOf } from '#execution';
import { commands, holdsFor, tell } from './support/arbitraries.ts';
import { ID, minute } from './support/examples.ts';
import type { Stage } from './support/stages.ts';
import { eventsOf, STAGES } from './support/stages.ts';
import { given, history, stateAfter } from './support/story.ts';

const FILE = { file: 'archive-0001.ndjson.gz', sha256: 'a'.repeat(64) };
const order = (events: number): ArchiveExecution => ({
  type: 'ArchiveExecution',
  at: minute(100_000),
  archive: FILE,
  events,
});
const CLOSED: readonly Stage[] = ['Success, released, removed'];
const LAST_EVENT = { revision: 9, type: 'ExecutionArchived', hash: 'f'.repeat(64) };

test.each(CLOSED)('the history of an execution in the stage %s may be archived', (stage) => {
  const events = eventsOf(stage);
  given(...events)
    .when(order(events.length))
    .then({ type: 'ExecutionArchived', data: { archive: FILE, events: events.length, created: { executionId: ID } } });
});

test.each(STAGES.filter((stage) => stage !== 'Absent' && !isClosed(stateAfter(...eventsOf(stage)))))(
  'not while something of it is left in the cluster: %s',
  (stage) =>
    given(...eventsOf(stage))
      .when(order(5))
      .refused('ExecutionOpen'),
);

test('only an execution that is known', () => given().when(order(5)).refused('ExecutionUnknown'));

test('an archived execution is not archived again, and refuses what a finished one refuses', () => {
  const events = eventsOf('Success, released, removed');
  const archived = given(...events)
    .when(order(events.length))
    .then('ExecutionArchived');
  given(...archived)
    .when(order(3))
    .nothing();
  given(...archived)
    .when({ type: 'CancelExecution', at: minute(1), mode: 'Graceful', reason: 'late' })
    .refused('ExecutionFinished');
});

test('its last event alone is folded to what the whole stream is folded to, whatever happened in it', () => {
  let closed = 0;
  holdsFor(commands(), (told) => {
    const facts: Fact[] = tell(told).flatMap(({ command, events }) =>
      events.map((event) => ({ ...event, time: command.at })),
    );
    const decision = decide(order(facts.length), fold(facts));
    if (decision.kind === 'Refused' || decision.events.length === 0) return;
    closed += 1;
    const archived = decision.events.map((event) => ({ ...event, time: minute(100_000) }));
    const stored = JSON.parse(JSON.stringify(archived)) as Fact[];
    expect(fold(stored)).toEqual(fold([...facts, ...archived]));
    // Somebody who had folded a part of the stream does not meet what was archived since.
    for (let known = 0; known < facts.length; known += 1)
      expect(fold(stored, fold(facts.slice(0, known)))).toEqual(fold(stored));
    expect(statusOf(fold(stored), LAST_EVENT)).toEqual(statusOf(fold(facts), LAST_EVENT));
  });
  expect(closed).toBeGreaterThan(0);
});

test('in every stage that is closed, too', () => {
  const closed = STAGES.filter((stage) => isClosed(stateAfter(...eventsOf(stage))));
  expect(closed).toEqual(expect.arrayContaining([...CLOSED]));
  for (const stage of closed) {
    const facts = history(eventsOf(stage));
    const decision = decide(order(facts.length), fold(facts));
    const events = decision.kind === 'Recorded' ? decision.events : [];
    const archived = events.map((event) => ({ ...event, time: minute(100_000) }));
    expect(fold(archived)).toEqual(fold([...facts, ...archived]));
  }
});
