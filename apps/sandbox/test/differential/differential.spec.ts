import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { createSandboxApi } from '../../src/api/index.ts';
import type { SandboxApi } from '../../src/api/index.ts';
import { CONVERSATIONS } from './cases.ts';
import { PROBE_CRD } from './probe.ts';
import { converse } from './converse.ts';
import type { Answer } from './converse.ts';
import { comparable } from './comparable.ts';

const recorded = JSON.parse(readFileSync('apps/sandbox/test/fixtures/real-1.36.json', 'utf8')) as Record<
  string,
  Answer[]
>;

describe('the sandbox answers as a real Kubernetes 1.36 API server did', () => {
  let api: SandboxApi;
  let url: string;

  beforeAll(async () => {
    api = createSandboxApi({ revisionWaitMs: 50 });
    const crd: unknown = parse(readFileSync('charts/workflow-execution/crds/workflowexecutions.yaml', 'utf8'));
    api.install([crd as object, PROBE_CRD]);
    // The real server in the recording had no garbage collector.
    api.controllers.pause();
    ({ url } = await api.listen(0));
  });

  afterAll(() => api.dispose());

  for (const conversation of CONVERSATIONS) {
    test(conversation.name, async () => {
      const answers = await converse(url, conversation);
      const real = recorded[conversation.name] ?? [];
      const told = conversation.steps.map(({ method, path }, step) => ({ step: `${step} ${method} ${path}` }));
      const mine = answers.map((answer, step) => ({ ...told[step], ...comparable(answer) }));
      expect(mine).toEqual(real.map((answer, step) => ({ ...told[step], ...comparable(answer) })));
    });
  }

  test('every conversation has been recorded', () => {
    expect(Object.keys(recorded)).toEqual(CONVERSATIONS.map(({ name }) => name));
  });
});
