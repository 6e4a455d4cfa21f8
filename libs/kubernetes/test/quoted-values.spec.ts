import { answerError } from '../src/client/errors.ts';
import { withoutQuotedValues } from '../src/client/quoted-values.ts';

describe('parameters are not shown', () => {
  test.each([
    [
      'spec.params[3].value: Invalid value: "hunter2": too weak',
      'spec.params[3].value: Invalid value: (not shown): too weak',
    ],
    [
      'x is invalid: [spec.parameters.A: Unsupported value: "hun\\"ter2": supported values: "b", spec.x: Invalid value: "y"]',
      'x is invalid: [spec.parameters.A: Unsupported value: (not shown): supported values: "b", spec.x: Invalid value: "y"]',
    ],
    ['spec.params[0]: Duplicate value: {"name":"A","value":"hunter2"}', 'spec.params[0]: Duplicate value: (not shown)'],
    [
      'spec.params: Invalid value: []v1.Param{v1.Param{Name:"A", Value:"hunter2"}}: no',
      'spec.params: Invalid value: (not shown): no',
    ],
    ['spec.params[0].value: Invalid value: hunter2: no', 'spec.params[0].value: Invalid value: (not shown): no'],
    ['spec.params[0].value: Invalid value: "hunter2 is cut he', 'spec.params[0].value: Invalid value: (not shown)'],
    [
      'denied: {"spec":{"params":[{"name":"A","value":"hunter2}"}]}} is not allowed',
      'denied: (not shown) is not allowed',
    ],
    ['denied: map[params:[map[name:A value:hunter2]]]; ask an admin', 'denied: (not shown); ask an admin'],
    ['denied: &v1.PipelineRun{Spec:v1.PipelineRunSpec{Params:v1.Params{{"hunter2"}}}}!', 'denied: (not shown)!'],
    [
      'denied: {"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"hunter2"}}}',
      'denied: (not shown)',
    ],
    ['denied: {"spec":{"parameters":{"A":"hunter2', 'denied: (not shown)'],
  ])('%s', (said, shown) => {
    expect(withoutQuotedValues(said)).toBe(shown);
  });
});

describe('everything else is', () => {
  test.each([
    'admission webhook "x.example.test" denied the request: validation failed: missing field(s): spec.pipelineRef',
    'spec.targetResource: Invalid value: "a": should match a pattern',
    'spec.parameters.A: Invalid value: "integer": spec.parameters.A in body must be of type string: "integer"',
    'exceeded quota: pods, requested: pods=1, used: pods=4, limited: pods=4',
    'namespaces "kubernaut-workflows" not found',
    'invalid {"reason":"Forbidden"} answer',
    '',
  ])('%j', (said) => {
    expect(withoutQuotedValues(said)).toBe(said);
  });
});

test('an answer that is an error holds none, neither in its message nor in its causes', () => {
  const message = 'spec.params[0].value: Invalid value: "hunter2": bad';
  const details = {
    causes: [{ field: 'spec.params[0].value', reason: 'FieldValueInvalid', message: 'Invalid value: "hunter2": bad' }],
  };
  const body = JSON.stringify({ kind: 'Status', code: 422, reason: 'Invalid', message, details });
  const error = answerError({ what: 'create pipelineruns a/b', isWrite: true }, { status: 422, body });
  expect(JSON.stringify([error.message, error.details])).not.toContain('hunter2');
  expect(error.message).toBe('create pipelineruns a/b: spec.params[0].value: Invalid value: (not shown): bad');
  expect(error.details.causes).toEqual([
    { field: 'spec.params[0].value', reason: 'FieldValueInvalid', message: 'Invalid value: (not shown): bad' },
  ]);
});

test('what is said about a Secret is not shown: it can quote one', () => {
  const body = JSON.stringify({
    kind: 'Status',
    code: 422,
    reason: 'Invalid',
    message: 'data.a: Invalid value: "a2V5"',
  });
  const error = answerError({ what: 'create secrets a/b', isWrite: true, isOfSecret: true }, { status: 422, body });
  expect(error).toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/^create secrets a\/b: HTTP 422 Invalid/),
  });
  expect(JSON.stringify([error.message, error.details])).not.toContain('a2V5');
});
