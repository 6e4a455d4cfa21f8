import type { Command, ExecutionStatus, LastEvent } from '#execution';
import { fold, statusOf } from '#execution';
import { commands, holdsFor, tell } from '../libs/execution/test/support/arbitraries.ts';
import { SPEC } from '../libs/execution/test/support/examples.ts';
import { eventsOf, STAGES } from '../libs/execution/test/support/stages.ts';
import { history } from '../libs/execution/test/support/story.ts';
import { admitted, resource } from './crd/wfe-type.ts';

const LAST: LastEvent = { revision: 1_000_000, type: 'ResourceDeletionRequested', hash: 'f'.repeat(64) };
const TIMES = new Set(['startTime', 'completionTime', 'failedAt']);

/** The commands as libs/tekton would hand them over: what is no time is no value. */
const read = (given: readonly Command[]): readonly Command[] =>
  JSON.parse(JSON.stringify(given), (key, value: unknown) =>
    TIMES.has(key) && Number.isNaN(Date.parse(String(value))) ? undefined : value,
  ) as readonly Command[];

/** Every status that is shown on the way. */
function statusesOf(given: readonly Command[]): readonly ExecutionStatus[] {
  return tell(read(given)).flatMap(({ after }) => statusOf(after, LAST) ?? []);
}

function isKeptAsItIs(status: ExecutionStatus): void {
  const { kept, dropped, refusals } = admitted(resource({ spec: SPEC, status }));
  expect({ dropped, refusals }).toEqual({ dropped: [], refusals: [] });
  expect(JSON.parse(JSON.stringify(kept['status']))).toEqual(status);
}

describe('the API server takes a status as it is and keeps all of it', () => {
  test.each(STAGES.filter((stage) => stage !== 'Absent'))('%s', (stage) => {
    const status = statusOf(fold(history(eventsOf(stage))), LAST);
    if (status === undefined) throw new Error(`expected a status at "${stage}"`);
    isKeptAsItIs(status);
  });

  test('whatever happened to the execution', () => {
    holdsFor(commands(), (given) => statusesOf(given).forEach(isKeptAsItIs));
  });
});
