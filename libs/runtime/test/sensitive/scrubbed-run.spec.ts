import { SENSITIVE_NAMES, sensitiveNames } from '#execution';
import type { KubeObject } from '#kubernetes';
import { scrubbedRun } from '../../src/sensitive/scrubbed-run.ts';
import { OPEN, scrubberOf } from '../../src/sensitive/scrubber.ts';

const isSensitive = sensitiveNames(SENSITIVE_NAMES);
const object = (kind: string, status: object): KubeObject => ({
  apiVersion: 'tekton.dev/v1',
  kind,
  metadata: { name: 'x' },
  spec: { params: [] },
  status,
});
const condition = (message: string) => ({ type: 'Succeeded', status: 'False', reason: 'Failed', message });

test('results whose names look sensitive are redacted, wherever Tekton puts them', () => {
  const results = [
    { name: 'token', type: 'string', value: 'hunter2' },
    { name: 'count', type: 'string', value: '3' },
    { name: 'login', type: 'object', value: { user: 'me', password: 'hunter3' } },
    { name: 'apiKeys', type: 'array', value: ['hunter4'] },
    { name: 'secret' },
  ];
  const redacted = [
    { name: 'token', type: 'string', value: '[redacted]' },
    { name: 'count', type: 'string', value: '3' },
    { name: 'login', type: 'object', value: { user: 'me', password: '[redacted]' } },
    { name: 'apiKeys', type: 'array', value: '[redacted]' },
    { name: 'secret' },
  ];
  const attempts = { retriesStatus: [{ results }], steps: [{ results }], taskResults: results };
  const [run, [taskRun]] = scrubbedRun(
    object('PipelineRun', { results }),
    [object('TaskRun', attempts)],
    OPEN,
    isSensitive,
  );
  expect(run.status).toEqual({ results: redacted });
  expect(taskRun?.status).toEqual({
    retriesStatus: [{ results: redacted }],
    steps: [{ results: redacted }],
    taskResults: redacted,
  });
});

test('what such a result holds is scrubbed from messages and other results, in all objects', () => {
  const taskRun = object('TaskRun', { results: [{ name: 'token', value: 'hunter2' }] });
  const status = {
    conditions: [condition('login with hunter2 failed')],
    results: [{ name: 'url', value: 'x?t=hunter2' }],
  };
  const [run] = scrubbedRun(object('PipelineRun', status), [taskRun], OPEN, isSensitive);
  expect(run.status).toEqual({
    conditions: [condition('login with [redacted token] failed')],
    results: [{ name: 'url', value: 'x?t=[redacted token]' }],
  });
});

test('values that are known are scrubbed from messages at any depth, and names, reasons and codes stay', () => {
  const step = (message: string) => ({ name: 'hunter2', terminated: { exitCode: 1, reason: 'Error', message } });
  const status = {
    conditions: [condition('"hunter2"')],
    steps: [step('hunter2')],
    retriesStatus: [{ steps: [step('hunter2')] }],
  };
  const [, [taskRun]] = scrubbedRun(
    object('PipelineRun', {}),
    [object('TaskRun', status)],
    scrubberOf([['A', 'hunter2']]),
    isSensitive,
  );
  expect(taskRun?.status).toEqual({
    conditions: [condition('"[redacted A]"')],
    steps: [step('[redacted A]')],
    retriesStatus: [{ steps: [step('[redacted A]')] }],
  });
});

test('definitions of results are not results', () => {
  const pipelineSpec = { results: [{ name: 'token', value: '$(tasks.login.results.token)' }] };
  const status = { pipelineSpec, conditions: [condition('$(tasks.login.results.token) is missing')] };
  expect(scrubbedRun(object('PipelineRun', status), [], OPEN, isSensitive)[0].status).toEqual(status);
});

test('a run without status is as it was', () => {
  const { apiVersion, kind, metadata } = object('PipelineRun', {});
  const bare = { apiVersion, kind, metadata };
  expect(scrubbedRun(bare, [], OPEN, isSensitive)).toEqual([bare, []]);
});
