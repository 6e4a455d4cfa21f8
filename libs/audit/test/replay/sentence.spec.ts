import { readFileSync } from 'node:fs';
import type { EventType, Fact } from '#execution';
import { ABSENT, evolve, SCHEMA_VERSIONS } from '#execution';
import { sentenceOf } from '../../src/replay/sentence.ts';
import { commands, holdsFor, tell } from '../../../execution/test/support/arbitraries.ts';
import { eventsOf } from '../../../execution/test/support/stages.ts';
import { stateAfter } from '../../../execution/test/support/story.ts';

const GOLDEN = new URL('../../../../../libs/execution/test/golden/', import.meta.url);
const golden = (type: EventType): Fact =>
  JSON.parse(readFileSync(new URL(`${type}.v${SCHEMA_VERSIONS[type]}.json`, GOLDEN), 'utf8')) as Fact;

const PENDING = stateAfter(...eventsOf('Pending, bound'));

/** What is read of the golden event of each type, recorded of an execution that is there. */
const TOLD: Readonly<Record<Exclude<EventType, 'ExecutionCreated'>, string>> = {
  ResourceBound:
    'Shown from now on by WorkflowExecution remediation/restart-payment (uid 6f1f8f64-1c1e-4bb5-9d3b-6a0f1d2c3b4a).',
  ExecutionQueued:
    'Waiting for the lock on payment/deployment/payment-api, held by remediation/scale-payment, which keeps it until 2026-03-01T10:00:01Z.',
  ExecutionSkipped:
    'Skipped, RecentlyRemediated: the lock on payment/deployment/payment-api (PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165) is kept in cooldown by remediation/scale-payment until 2026-03-01T10:00:01.500Z.',
  ExecutionDelayed:
    'The run cannot be created yet (server-error): failed calling webhook "webhook.pipeline.tekton.dev"; it is tried again.',
  PipelineRunCreated:
    'Created PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165, which holds the lock on payment/deployment/payment-api.',
  PipelineRunProgressed: 'Tekton says of the run: Running (3 tasks).',
  TaskStarted: 'Task restart has started.',
  TaskFinished: 'Task restart succeeded after 5s.',
  RunOverdue: 'The run did not end within 32m (payment/deployment/payment-api): Tekton last said Running.',
  CancellationRequested: 'Cancelling (Graceful): spec.cancel was set.',
  ExecutionCompleted:
    'Workflow restart-pod succeeded on payment/deployment/payment-api in 7s, 2 of 2 tasks (1 skipped); the lock is kept until 2026-03-01T10:05:09Z.',
  ExecutionFailed:
    'Failed, OOMKilled in task restart, step restart (exit code 137) after 7s: step restart of task restart was killed: out of memory; the target may have changed; the lock is kept until 2026-03-01T10:05:09Z.',
  ExecutionCancelled:
    'Cancelled after 7s: PipelineRun "wfe-cf0cc089293b1165" was cancelled; the target may have changed; the lock is kept until 2026-03-01T10:05:09Z.',
  ReleaseRequested: 'The run is to be removed, and the lock with it: the cooldown is over.',
  LockReleased: 'Released the lock on payment/deployment/payment-api: the cooldown is over and the run removed.',
  ResourceDeletionRequested: 'Resource: To be deleted.',
  ResourceRemoved:
    'WorkflowExecution remediation/restart-payment (uid 6f1f8f64-1c1e-4bb5-9d3b-6a0f1d2c3b4a) is gone: its deletion is complete.',
  ResourceLetGo:
    'Resource: Not kept any longer: deleted 15m0s ago, and its run has not ended; the execution goes on without it.',
  PruningRequested: 'Resource: Kept for 24h after its end; deleted, the history stays.',
  StatusDriftCorrected: 'Somebody else changed the status (message, phase); it shows the log again.',
  ContradictionObserved:
    'Recorded as Success, but PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165 (uid 1e8d0d2f-88b2-4caf-9b45-3a7a4b2c6d71) exists beside it.',
  StrayRunRemoved: 'PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165 beside it is gone.',
};

test.each(Object.entries(TOLD) as [EventType, string][])('%s is told in a sentence', (type, told) => {
  expect(sentenceOf(PENDING, golden(type))).toBe(told);
});

test('a beginning tells what was accepted', () => {
  expect(sentenceOf(ABSENT, golden('ExecutionCreated'))).toBe(
    'Accepted workflow restart-pod (version 1.2.0) for payment/deployment/payment-api.',
  );
});

test('a holder that is known already is told of as the same one', () => {
  const waiting = evolve(PENDING, golden('ExecutionQueued'));
  expect(sentenceOf(waiting, golden('ExecutionQueued'))).toBe(
    'Still waiting for the lock, held by remediation/scale-payment, which keeps it until 2026-03-01T10:00:01Z.',
  );
});

test('a later attempt of a task says which', () => {
  const fact = golden('TaskStarted');
  if (fact.type !== 'TaskStarted') throw new Error('expected a TaskStarted');
  const again: Fact = { ...fact, data: { ...fact.data, attempt: 3 } };
  const running = evolve(evolve(PENDING, golden('PipelineRunCreated')), fact);
  expect(sentenceOf(running, again)).toBe('Task restart has started (attempt 3).');
});

test('whatever happens, in whatever order: one line of bounded length that ends like a sentence', () => {
  holdsFor(commands(), (given) => {
    for (const { command, before, events } of tell(given)) {
      let state = before;
      for (const event of events) {
        const fact: Fact = { ...event, time: command.at };
        const told = sentenceOf(state, fact);
        expect(told).toMatch(/^[^\p{Cc}]+[.!?]$/u);
        expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(1700);
        state = evolve(state, fact);
      }
    }
  });
});

test('no value of a parameter or of a result is in any sentence', () => {
  const secret = 'planted-value-5f0c';
  const planted = (type: EventType): Fact =>
    JSON.parse(
      JSON.stringify(golden(type))
        .replaceAll('memory above 90 %', secret)
        .replaceAll(/"results":\[[^\]]*\]/g, `"results":[{"name":"r","value":"${secret}"}]`),
    ) as Fact;
  const all = Object.keys(SCHEMA_VERSIONS) as EventType[];
  expect(all.filter((type) => JSON.stringify(planted(type)).includes(secret))).toEqual([
    'ExecutionCreated',
    'TaskFinished',
    'ExecutionCompleted',
    'ExecutionFailed',
    'ExecutionCancelled',
  ]);
  for (const type of all)
    for (const state of [ABSENT, PENDING, evolve(PENDING, golden('PipelineRunCreated'))])
      expect(sentenceOf(state, planted(type))).not.toContain(secret);
});
