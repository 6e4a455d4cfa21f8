import { readdirSync, readFileSync } from 'node:fs';

/** Objects recorded from a real Tekton, byte for byte (test/fixtures/tekton). */
const FOLDER = new URL('../../../../test/fixtures/tekton/', import.meta.url);
const FILES = readdirSync(FOLDER);

export const readCapture = (file: string): unknown => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));

/** Every recorded scenario: all that have a final PipelineRun. */
export const SCENARIOS = FILES.filter((file) => file.endsWith('.pr.final.json')).map((file) =>
  file.slice(0, -'.pr.final.json'.length),
);

interface Index {
  readonly scenarios: readonly { readonly scenario: string }[];
}

/** Every scenario that the index of the recordings lists. */
export const RECORDED = (readCapture('INDEX.json') as Index).scenarios.map(({ scenario }) => scenario);

export type Moment = 'created' | 'resolving' | 'running' | 'final';

export const capturedRun = (scenario: string, moment: string): unknown => readCapture(`${scenario}.pr.${moment}.json`);

export const hasMoment = (scenario: string, moment: string): boolean => FILES.includes(`${scenario}.pr.${moment}.json`);

export function capturedTaskRuns(scenario: string, moment: string): readonly unknown[] {
  const own = FILES.filter((file) => file.startsWith(`${scenario}.tr-`) && file.endsWith(`.${moment}.json`));
  return own.map(readCapture);
}
