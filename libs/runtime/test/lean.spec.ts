import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { KubeObject } from '#kubernetes';
import { observe } from '#tekton';
import { leanRun, leanTaskRun } from '../src/lean.ts';

const RECORDINGS = fileURLToPath(new URL('../../../../test/fixtures/tekton', import.meta.url));
const read = (name: string): KubeObject => JSON.parse(readFileSync(join(RECORDINGS, name), 'utf8')) as KubeObject;
const files = readdirSync(RECORDINGS);
const runs = files.filter((name) => /\.pr\..*\.json$/.test(name));

/** The recorded task runs of a recorded run, as far along as it is. */
function taskRunsOf(run: string): KubeObject[] {
  const [scenario, moment = ''] = run.replace(/\.json$/, '').split('.pr.');
  return files.filter((name) => name.startsWith(`${scenario}.tr-`) && name.endsWith(`.${moment}.json`)).map(read);
}

describe('what is kept of runs in memory', () => {
  it.each(runs)('tells the same as the whole objects: %s', (name) => {
    const [run, taskRuns] = [read(name), taskRunsOf(name)];
    expect(observe(leanRun(run), taskRuns.map(leanTaskRun))).toEqual(observe(run, taskRuns));
  });

  it('is a fraction of them', () => {
    const size = (objects: readonly unknown[]): number => JSON.stringify(objects).length;
    const whole = files.filter((name) => /\.(pr|tr-[^.]*)\.final\.json$/.test(name)).map(read);
    const lean = whole.map((object) => (object.kind === 'PipelineRun' ? leanRun(object) : leanTaskRun(object)));
    const withoutManaged = whole.map(({ metadata, ...rest }) => ({
      ...rest,
      metadata: { ...metadata, managedFields: undefined },
    }));
    const kept = lean.map(({ metadata, ...rest }) => ({
      ...rest,
      metadata: { ...metadata, managedFields: undefined },
    }));
    expect(size(kept)).toBeLessThan(0.7 * size(withoutManaged));
  });
});
