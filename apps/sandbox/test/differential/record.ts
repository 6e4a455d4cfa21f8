/**
 * Records the answers of a real API server: node record.js <url> <token> <file>, with NODE_EXTRA_CA_CERTS set to its
 * certificate. The server must be empty; the two CRDs are created first.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { CONVERSATIONS } from './cases.ts';
import { converse } from './converse.ts';
import { PROBE_CRD } from './probe.ts';

const [url = '', token = '', file = ''] = process.argv.slice(2);
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const wfe: unknown = parse(readFileSync('charts/workflow-execution/crds/workflowexecutions.yaml', 'utf8'));
const crds = [wfe, PROBE_CRD].map((body) => ({ method: 'POST' as const, path: definitions, body }));
for (const answer of await converse(url, { name: 'definitions', steps: crds }, token)) {
  if (answer.code !== 201) throw new Error(`a CRD was refused: ${JSON.stringify(answer.body)}`);
}
await new Promise((established) => setTimeout(established, 5000));
await converse(
  url,
  {
    name: 'warm up',
    steps: [
      { method: 'GET', path: '/apis/probe.example.com/v1/probes' },
      { method: 'GET', path: '/apis/workflowexecution.kubernaut.ai/v1alpha1/workflowexecutions' },
    ],
  },
  token,
);
await new Promise((ready) => setTimeout(ready, 2000));

const recorded: Record<string, unknown> = {};
for (const conversation of CONVERSATIONS) recorded[conversation.name] = await converse(url, conversation, token);
writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
