import fc from 'fast-check';
import type { Command } from '#execution';
import { Replay } from '../../src/replay/replay.ts';
import { whyOf } from '../../src/replay/why.ts';
import * as example from '../../../execution/test/support/examples.ts';
import { minute, runSeen, sync } from '../../../execution/test/support/examples.ts';
import { commands } from '../../../execution/test/support/arbitraries.ts';
import { StoryLog } from '../support/story-log.ts';

const { ID } = example;
const WAIT = example.create({ at: minute(0), settings: { ...example.SETTINGS, onConflict: 'Wait' } });
const CREATE = example.create({ at: minute(0) });
const RUN = sync(runSeen(example.RUNNING, 'created'), minute(1));
const task = (state: 'Running' | 'Failed' | 'Succeeded') => example.task({ state, reason: state });
const failing = (at: string): Command =>
  sync(runSeen({ ...example.FAILED, tasks: [{ ...task('Failed'), completionTime: minute(3) }] }), at);

async function why(...given: readonly Command[]) {
  const story = new StoryLog();
  await story.give(ID, ...given);
  const found = whyOf(await story.steps(ID));
  if (found === undefined) throw new Error('expected an execution');
  return found;
}

test('why it is Failed: what ended it, the task before that, who asked for it, and what comes next and when', async () => {
  const { phase, outcome, sentences, causes } = await why(CREATE, RUN, failing(minute(4)));
  expect([phase, outcome, causes]).toEqual(['Failed', 'Failed', [0, 1, 4, 5]]);
  expect(sentences).toEqual([
    'Failed: OOMKilled in task restart, step restart (exit code 137): step restart was killed.',
    '2026-03-01T10:00:00Z: Accepted workflow restart-pod (version 1.2.0) for payment/deployment/payment-api (asked for by ada through the REST API).',
    '2026-03-01T10:01:00Z: Created PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165, which holds the lock on payment/deployment/payment-api (seen or done by the service in the cluster).',
    '2026-03-01T10:04:00Z: Task restart failed: Failed (seen or done by the service in the cluster).',
    '2026-03-01T10:04:00Z: Failed, OOMKilled in task restart, step restart (exit code 137) after 2m: step restart was killed; the target may have changed; the lock is kept until 2026-03-01T10:08:00Z (seen or done by the service in the cluster).',
    'Next: at 2026-03-01T10:08:00Z the cooldown is over, the run is removed, and the lock with it.',
  ]);
});

test('why it is Waiting: for whom, since when, and when its turn comes', async () => {
  const locked = sync({ kind: 'TargetLocked', holder: example.COOLING_HOLDER }, minute(1));
  const { phase, sentences, causes } = await why(WAIT, locked);
  expect([phase, causes]).toEqual(['Pending', [0, 1]]);
  expect(sentences[0]).toBe(
    'Pending: Waiting for the lock on payment/deployment/payment-api, held by remediation/other.',
  );
  expect(sentences.at(-1)).toBe(
    'Next: its run is created once the lock is free, not before 2026-03-01T10:07:00Z; those who wait are served in the order in which the log accepted them.',
  );
});

test('why it is Running: its run, what Tekton says, and when it ends at the latest', async () => {
  const { phase, sentences, causes } = await why(CREATE, RUN);
  expect([phase, causes]).toEqual(['Running', [0, 1, 2]]);
  expect(sentences.at(-1)).toBe(
    'Next: the run ends, at the latest at 2026-03-01T10:31:00Z (its limit is 30m); the lock is kept until then, and through the cooldown of 5m.',
  );
});

test('why it is Skipped: who had the lock', async () => {
  const settings = { ...example.SETTINGS, onConflict: 'Skip' } as const;
  const locked = sync({ kind: 'TargetLocked', holder: example.HOLDER }, minute(1));
  const { phase, outcome, sentences, causes } = await why(example.create({ at: minute(0), settings }), locked);
  expect([phase, outcome, causes]).toEqual(['Skipped', 'Skipped', [0, 1]]);
  expect(sentences.join(' ')).toContain('is held by remediation/other');
  expect(sentences.join(' ')).not.toContain('Next:');
});

test('why it is cancelled: who asked, and why', async () => {
  const cancel = example.cancel('Immediate', { at: minute(2), reason: 'the alert has cleared' });
  const { outcome, sentences } = await why(CREATE, RUN, cancel, sync(runSeen(example.CANCELLED), minute(3)));
  expect(outcome).toBe('Cancelled');
  expect(sentences).toContain(
    '2026-03-01T10:02:00Z: Cancelling (Immediate): the alert has cleared (asked for by grace through the REST API).',
  );
});

test('why it could not be created yet, and no longer once it could', async () => {
  const trouble = { kind: 'CreationDelayed', what: 'run', code: 'server-error', message: 'no', patienceMs: 1 } as const;
  const delayed = await why(CREATE, sync(trouble, minute(1)));
  expect(delayed.sentences.at(-1)).toBe(
    'Next: the run is tried again, until it can be created or patience has run out.',
  );
  const running = await why(CREATE, sync(trouble, minute(1)), RUN);
  expect(running.sentences.join(' ')).not.toContain('cannot be created');
});

test('why the lock is free again, and that nothing is left to come', async () => {
  const release = example.release('CooldownOver', minute(9));
  const gone = sync({ kind: 'RunMissing', runUid: example.RUN.uid }, minute(10));
  const { sentences } = await why(CREATE, RUN, sync(runSeen(example.SUCCEEDED), minute(3)), release, gone);
  expect(sentences.at(-1)).toBe(
    '2026-03-01T10:10:00Z: Released the lock on payment/deployment/payment-api: the cooldown is over and the run removed (seen or done by the service in the cluster).',
  );
});

test('why, then: as of a moment before the end it was still running', async () => {
  const story = new StoryLog();
  await story.give(ID, CREATE, RUN, failing(minute(4)));
  const replay = new Replay(story.store, () => Date.parse(minute(60)));
  expect((await replay.why(ID, { time: minute(3) }))?.phase).toBe('Running');
  expect((await replay.why(ID, { revision: 0 }))?.phase).toBe('Pending');
});

test('of any story, the causes are events of it in order, and every sentence ends', async () => {
  await fc.assert(
    fc.asyncProperty(commands(), async (given) => {
      const story = new StoryLog();
      await story.give(ID, ...given);
      const steps = await story.steps(ID);
      const { causes, sentences } = whyOf(steps) ?? { causes: [], sentences: [] };
      expect(causes).toEqual([...new Set(causes)].sort((a, b) => a - b));
      for (const revision of causes) expect(steps[revision]).toBeDefined();
      for (const sentence of sentences) expect(sentence).toMatch(/^[^\p{Cc}]+[.!?]$/u);
    }),
    { numRuns: 60 },
  );
});
