import { decide, fold, runNameOf } from '#execution';
import { recordable, SPEC_BYTES } from '../src/spec-size.ts';
import { cancel, create, ID, minute, RESOURCE, RUN_NAME, SETTINGS, SPEC, TARGET } from './support/examples.ts';
import { eventsOf } from './support/stages.ts';
import { given, history } from './support/story.ts';

describe('Create', () => {
  test('records what was asked, what the configuration said, and the name of the lock', () => {
    given()
      .when(create())
      .then({
        type: 'ExecutionCreated',
        data: {
          executionId: ID,
          entry: 'rest',
          resource: { namespace: RESOURCE.namespace, name: RESOURCE.name },
          spec: SPEC,
          settings: SETTINGS,
          sensitive: { policy: 'unchecked', redacted: [] },
          runName: RUN_NAME,
        },
      });
  });

  test('an execution that enters by resource is bound to it at once', () => {
    given()
      .when(create({ entry: 'resource', resourceUid: RESOURCE.uid, generation: 3 }))
      .then(
        { type: 'ExecutionCreated', data: { entry: 'resource', resourceUid: RESOURCE.uid } },
        { type: 'ResourceBound', data: { resource: RESOURCE, generation: 3 } },
      );
  });

  test('a spec that only we can judge ends the execution: Failed, ConfigurationError, nothing created', () => {
    const spec = { ...SPEC, targetResource: 'payment' };
    const [, failed] = given()
      .when(create({ spec }))
      .then('ExecutionCreated', {
        type: 'ExecutionFailed',
        data: { failure: { reason: 'ConfigurationError', wasExecutionFailure: false, failedAt: minute(60) } },
      });
    expect(failed?.data).not.toHaveProperty('run');
    expect(failed?.data).not.toHaveProperty('lockUntil');
    expect(failed?.data).toHaveProperty('failure.message', expect.stringContaining('spec.targetResource: '));
  });

  test('every problem of a spec is named', () => {
    const spec = { ...SPEC, targetResource: 'payment', parameters: { A: '$(params.b)', C: '$(context.d)' } };
    const [, failed] = given().when(create({ spec })).then('ExecutionCreated', 'ExecutionFailed');
    for (const path of ['spec.targetResource', 'spec.parameters.A', 'spec.parameters.C'])
      expect(failed?.data).toHaveProperty('failure.message', expect.stringContaining(path));
  });

  test('asking again with the same spec records nothing, whatever the order of its keys', () => {
    const spec = Object.fromEntries(Object.entries(SPEC).reverse()) as unknown as typeof SPEC;
    given(...eventsOf('Running'))
      .when(create({ spec }))
      .nothing();
  });

  test('spec.cancel is no other spec', () => {
    given(...eventsOf('Running'))
      .when(create({ spec: { ...SPEC, cancel: 'Graceful' } }))
      .nothing();
  });

  test('specs are immutable: the same id with another spec is refused', () => {
    given(...eventsOf('Running'))
      .when(create({ spec: { ...SPEC, parameters: { REASON: 'other' } } }))
      .refused('SpecChanged');
  });

  describe('a spec too large to be recorded in one event', () => {
    const large = { ...SPEC, parameters: { TEXT: 'x'.repeat(SPEC_BYTES) }, rationale: 'y'.repeat(SPEC_BYTES) };

    test('ends the execution, and its beginning is recorded with a mark of the whole', () => {
      const events = given()
        .when(create({ spec: large }))
        .then('ExecutionCreated', { type: 'ExecutionFailed', data: { failure: { reason: 'ConfigurationError' } } });
      expect(JSON.stringify(events).length).toBeLessThan(SPEC_BYTES);
      expect(events[0]?.data).toMatchObject({
        spec: {
          targetResource: TARGET,
          parameters: { '…cut': expect.stringMatching(/^\d+ characters, sha256 [0-9a-f]{64}$/) },
        },
        runName: runNameOf(TARGET),
      });
      expect(events[1]?.data).toHaveProperty(
        'failure.message',
        expect.stringMatching(/^spec: expected at most 131072 bytes/),
      );
    });

    test('asking again for it records nothing; asking for another one of that size is refused', () => {
      const events = given()
        .when(create({ spec: large }))
        .then('ExecutionCreated', 'ExecutionFailed');
      given(...events)
        .when(create({ spec: large }))
        .nothing();
      const other = { ...large, parameters: { TEXT: 'z'.repeat(SPEC_BYTES) } };
      given(...events)
        .when(create({ spec: other }))
        .refused('SpecChanged');
    });

    test('workspaces are cut too, and a spec of exactly the limit is kept', () => {
      const workspaces = [{ name: 'data', configMap: { text: 'x'.repeat(SPEC_BYTES) } }];
      expect(
        JSON.stringify(recordable({ ...SPEC, executionConfig: { timeout: '1m', workspaces } })).length,
      ).toBeLessThan(2000);
      const room = SPEC_BYTES - JSON.stringify({ ...SPEC, rationale: '' }).length;
      const full = { ...SPEC, rationale: 'x'.repeat(room) };
      expect(recordable(full)).toBe(full);
      expect(recordable({ ...SPEC, rationale: 'x'.repeat(room + 1) })).not.toHaveProperty('rationale', full.rationale);
    });
  });
});

describe('Cancel', () => {
  test('records mode, reason and the generation of the resource that asked', () => {
    given(...eventsOf('Running'))
      .when(cancel('Graceful', { generation: 2, reason: 'spec.cancel' }))
      .then({ type: 'CancellationRequested', data: { mode: 'Graceful', reason: 'spec.cancel', generation: 2 } });
  });

  test('Immediate after Graceful is a stronger order; Graceful after Immediate is none', () => {
    given(...eventsOf('Running, cancelling gracefully'))
      .when(cancel('Immediate'))
      .then('CancellationRequested');
    given(...eventsOf('Running, cancelling at once'))
      .when(cancel('Graceful'))
      .nothing();
  });

  test('a refusal says when and how the execution ended', () => {
    const decision = decide(cancel('Immediate'), fold(history(eventsOf('Success, held'))));
    expect(decision).toMatchObject({ message: expect.stringContaining('outcome Success') });
  });
});
