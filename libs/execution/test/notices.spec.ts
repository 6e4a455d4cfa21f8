import fc from 'fast-check';
import type { Command, ExecutionEvent, Fact, Notice } from '#execution';
import { MAX_REPEATABLE_NOTICES, NOTE_BYTES, noticesOf, UNTOLD } from '#execution';
import { commands, holdsFor, tell } from './support/arbitraries.ts';
import * as example from './support/examples.ts';
import { cancel, create, HOLDER, minute, release, resourceSeen, RUN, runSeen, sync, task } from './support/examples.ts';
import type { Stage } from './support/stages.ts';
import { eventsOf, recordedBy } from './support/stages.ts';
import { history } from './support/story.ts';

const notices = (events: readonly ExecutionEvent[]): readonly Notice[] => noticesOf(history(events)).notices;

/** Events of the commands, each at the time of its own. */
const factsOf = (given: readonly Command[]): Fact[] =>
  tell(given).flatMap(({ command, events }) => events.map((event) => ({ ...event, time: command.at })));

/** Type (Warning is marked), reason and note of each. */
const read = (events: readonly ExecutionEvent[]): readonly string[] =>
  notices(events).map(({ type, reason, note }) => `${type === 'Warning' ? '! ' : ''}${reason}: ${note}`);

const after = (stage: Stage): readonly string[] => read(eventsOf(stage));

const ACCEPTED = 'Accepted: Accepted workflow restart-pod (version 1.2.0) for payment/deployment/payment-api';
const RUN_CREATED =
  'RunCreated: Created PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165, which holds the lock on payment/deployment/payment-api';
const KEPT = '; the lock is kept until 2026-03-01T10:08:00Z';
const CHANGED = '; the target may have changed';
const RELEASED = 'LockReleased: Released the lock on payment/deployment/payment-api: ';
const FAILED = `! Failed: OOMKilled in task restart, step restart (exit code 137) after 2m: step restart was killed${CHANGED}${KEPT}`;

describe('what a person reads of an execution', () => {
  it.each<[Stage, readonly string[]]>([
    ['Pending, bound', [ACCEPTED]],
    [
      'Pending, waiting',
      [ACCEPTED, 'Waiting: Waiting for the lock on payment/deployment/payment-api, held by remediation/other'],
    ],
    ['Pending, cancelling', [ACCEPTED, 'Cancelling: Cancelling (Graceful): asked by a test']],
    [
      'Pending, deleting',
      [ACCEPTED, 'Deleting: To be deleted', 'Cancelling: Cancelling (Immediate): the resource was deleted'],
    ],
    ['Running', [ACCEPTED, RUN_CREATED]],
    [
      'Success, released',
      [
        ACCEPTED,
        RUN_CREATED,
        `Completed: Workflow restart-pod succeeded on payment/deployment/payment-api in 2m, 0 of 2 tasks${KEPT}`,
        `${RELEASED}the cooldown is over and the run removed`,
      ],
    ],
    ['Failed, held', [ACCEPTED, RUN_CREATED, FAILED]],
    ['Failed, no run', [ACCEPTED, '! Failed: Forbidden: pipelineruns.tekton.dev is forbidden']],
    [
      'Cancelled, held',
      [
        ACCEPTED,
        RUN_CREATED,
        'Cancelling: Cancelling (Immediate): asked by a test',
        `Cancelled: Cancelled after 2m: PipelineRun was cancelled${CHANGED}${KEPT}`,
      ],
    ],
    [
      'Cancelled, no run',
      [
        ACCEPTED,
        'Cancelling: Cancelling (Graceful): asked by a test',
        'Cancelled: Cancelled: cancelled before its run was created: asked by a test',
      ],
    ],
    [
      'Skipped',
      [
        ACCEPTED,
        'Skipped: ResourceBusy: the lock on payment/deployment/payment-api (PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165) is held by remediation/other',
      ],
    ],
  ])('%s', (stage, lines) => {
    expect(after(stage)).toEqual(lines);
  });

  it('a run that waited for the lock says how long', () => {
    const waited = [
      ...eventsOf('Pending, waiting'),
      { type: 'PipelineRunCreated', data: { run: RUN, adopted: false } },
    ];
    expect(read(waited as ExecutionEvent[]).at(-1)).toBe(`${RUN_CREATED} after waiting 1m for it`);
  });

  it('a run that somebody deleted leaves no lock to be kept', () => {
    const gone = sync({ kind: 'RunMissing', runUid: RUN.uid }, minute(10));
    const facts = factsOf([create(), sync(runSeen(example.RUNNING, 'created'), minute(1)), gone]);
    expect(
      noticesOf(facts)
        .notices.slice(2)
        .map(({ note }) => note),
    ).toEqual([
      'PipelineRunDeleted after 9m: PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165 (uid run-1) was deleted before it ended; the target may have changed',
      'Released the lock on payment/deployment/payment-api: somebody deleted the run',
    ]);
  });

  it('a run found after a crash is told as adopted', () => {
    const events = recordedBy(create(), sync(runSeen(example.RUNNING, 'adopted')));
    expect(read(events)).toContainEqual(expect.stringMatching(/^RunAdopted: Found PipelineRun .* goes on with it$/));
  });

  it('a task is told when it is the first to start, and when it fails', () => {
    const steps = [
      { name: 'look', exitCode: 0, reason: 'Completed' },
      { name: 'act', exitCode: 3, reason: 'Error' },
    ];
    const other = task({ pipelineTask: 'other', taskRun: 'other', uid: 'task-2' });
    const seen = (...tasks: readonly ReturnType<typeof task>[]) =>
      sync(runSeen({ ...example.RUNNING, tasks: [...tasks] }), minute(2));
    const events = recordedBy(
      create(),
      sync(runSeen(example.NEW_RUN, 'created')),
      seen(task()),
      seen(task(), other),
      seen(task({ state: 'Failed', reason: 'StepFailed', steps }), other),
      seen(task({ attempt: 2 }), { ...other, state: 'FailureIgnored', reason: 'FailureIgnored', steps: [] }),
      seen(task({ attempt: 2, state: 'Failed', reason: 'TaskRunTimeout' })),
    );
    expect(read(events).slice(2)).toEqual([
      'Started: Task restart has started, the first of 2',
      '! TaskFailed: Task restart failed: step act ended with exit code 3 (Error)',
      'TaskFailureIgnored: Task other failed: FailureIgnored; the pipeline goes on as if it had not',
      '! TaskFailed: Task restart failed at attempt 2: TaskRunTimeout',
    ]);
  });

  it('an escalated cancellation, an early release, a drift and a contradiction are told', () => {
    const running = recordedBy(
      create(),
      sync(runSeen(example.RUNNING, 'created')),
      cancel('Graceful'),
      cancel('Immediate'),
    );
    expect(read(running).slice(2)).toEqual([
      'Cancelling: Cancelling (Graceful): asked by a test',
      'Cancelling: Cancelling now Immediate: asked by a test',
    ]);
    const contradicted = { ...example.SUCCEEDED, condition: { ...example.FAILED.condition!, reason: 'Failed' } };
    const ended = recordedBy(
      create(),
      sync(runSeen(example.RUNNING, 'created')),
      sync(runSeen(example.SUCCEEDED), minute(3)),
      sync({ kind: 'StatusDrifted', fields: ['message', 'phase'] }),
      sync(runSeen(contradicted)),
      release('Operator'),
    );
    expect(read(ended).slice(3)).toEqual([
      'StatusCorrected: Somebody else changed the status (message, phase); it shows the log again',
      '! ContradictionObserved: Recorded as Success, but its run says False (Failed): Tasks Completed: 1 (Failed: 1)',
      'ReleaseRequested: The lock is to be released before its time: asked by a test',
    ]);
  });

  it('the holder of a lock is told once, and once more when the end of its cooldown is known', () => {
    const locked = (change: object) => sync({ kind: 'TargetLocked', holder: { ...HOLDER, ...change } });
    const events = recordedBy(
      create({ settings: { ...example.SETTINGS, onConflict: 'Wait' } }),
      locked({ state: 'Unknown' }),
      locked({ state: 'Running' }),
      locked({ state: 'Cooldown', until: minute(7) }),
    );
    expect(events).toHaveLength(4);
    expect(read(events).slice(1)).toEqual([
      'Waiting: Waiting for the lock on payment/deployment/payment-api, held by remediation/other',
      'Waiting: Waiting for the lock on payment/deployment/payment-api, held by remediation/other, which keeps it until 2026-03-01T10:07:00Z',
    ]);
  });

  it('of deletions, a person reads what comes first', () => {
    expect(after('Running, deleting')).toContain('Deleting: To be deleted: the run is cancelled and removed first');
    const held = recordedBy(
      create(),
      sync(resourceSeen()),
      sync(runSeen(example.RUNNING, 'created')),
      sync(runSeen(example.SUCCEEDED), minute(3)),
      sync(resourceSeen({ deleting: true }), minute(4)),
    );
    expect(read(held)).toContain('Deleting: To be deleted: the run is removed and the lock released first');
  });
});

describe('notices', () => {
  it('name the event they tell of: its revision and its time', () => {
    const events = eventsOf('Success, released');
    for (const { revision, at } of notices(events)) expect(at).toBe(minute(revision));
    expect(notices(events).map(({ revision }) => events[revision]?.type)).toEqual([
      'ExecutionCreated',
      'PipelineRunCreated',
      'ExecutionCompleted',
      'LockReleased',
    ]);
  });

  it('never hold a parameter, a rationale or a result', () => {
    const spec = { ...example.SPEC, parameters: { TOKEN: 'secret-1' }, rationale: 'secret-2' };
    const run = { ...example.SUCCEEDED, results: [{ name: 'r', value: 'secret-3' }] };
    const done = task({ state: 'Succeeded', results: [{ name: 'r', value: 'secret-4' }] });
    const events = recordedBy(
      create({ spec }),
      sync(runSeen(example.RUNNING, 'created')),
      sync(runSeen({ ...example.RUNNING, tasks: [done] })),
      sync(runSeen({ ...run, tasks: [done] })),
    );
    expect(JSON.stringify(events).match(/secret-\d/g)?.length).toBeGreaterThanOrEqual(4);
    expect(JSON.stringify(notices(events))).not.toContain('secret');
  });

  it('are one line, whatever others wrote', () => {
    const events = recordedBy(create(), cancel('Graceful', { reason: 'first\nsecond\t\u001b[31mred\u2028end' }));
    expect(read(events).at(-1)).toBe('Cancelling: Cancelling (Graceful): first second [31mred end');
  });

  it('of what may happen any number of times are bounded; the end is told all the same', () => {
    const flapping = Array.from({ length: 60 }, (_, index) => [
      task({ taskRun: `t${index}`, uid: `t${index}`, state: 'Failed', reason: 'StepFailed' }),
    ]);
    const events = recordedBy(
      create(),
      sync(runSeen(example.RUNNING, 'created')),
      ...flapping.map((tasks) => sync(runSeen({ ...example.RUNNING, tasks }))),
      sync(runSeen(example.FAILED)),
    );
    const reasons = notices(events).map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'TaskFailed')).toHaveLength(MAX_REPEATABLE_NOTICES);
    expect(reasons.at(-1)).toBe('Failed');
  });
});

describe('whatever was recorded', () => {
  test('the same notices come of the same events, however they are cut', () => {
    holdsFor(fc.tuple(commands(), fc.array(fc.nat({ max: 40 }), { maxLength: 5 })), ([given, cuts]) => {
      const facts = factsOf(given);
      const whole = noticesOf(facts);
      const ends = [...cuts.filter((cut) => cut < facts.length).sort((a, b) => a - b), facts.length];
      let told = UNTOLD;
      const parts = ends.flatMap((end) => {
        const part = noticesOf(facts.slice(told.revision + 1, end), told);
        told = part.told;
        return part.notices;
      });
      expect(parts).toEqual(whole.notices);
      expect(told).toEqual(whole.told);
    });
  });

  test('each event is told at most once, in order, in words that an API server takes', () => {
    holdsFor(commands(), (given) => {
      let before = -1;
      for (const { revision, reason, action, note, type } of noticesOf(factsOf(given)).notices) {
        expect(revision).toBeGreaterThan(before);
        before = revision;
        expect(reason).toMatch(/^[A-Z][A-Za-z]{0,127}$/);
        expect(action).toMatch(/^[A-Z][A-Za-z]{0,127}$/);
        expect(new TextEncoder().encode(note).length).toBeLessThanOrEqual(NOTE_BYTES);
        expect(note).toMatch(/^\S[^\p{Cc}]*$/u);
        expect(['Normal', 'Warning']).toContain(type);
      }
    });
  });

  test('a life has at most twenty, however much flaps in it', () => {
    holdsFor(
      commands(8),
      (given) => {
        const rounds = Array.from({ length: 20 }, () => given).flat();
        expect(noticesOf(factsOf(rounds)).notices.length).toBeLessThanOrEqual(20);
      },
      30,
    );
  });

  test('events in any order give notices and no fault', () => {
    const nonsense = fc
      .tuple(commands(6), commands(6))
      .chain((several) => fc.shuffledSubarray(several.flatMap(factsOf)));
    holdsFor(nonsense, (facts) => {
      expect(noticesOf(facts).told.revision).toBe(facts.length - 1);
    });
  });
});
