import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { packageRoot } from '../../apps/sandbox/src/package-root.ts';
import type { World } from '../e2e/stage.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { departure, stepsOf, type Step } from './console.ts';
import { kubernetesUrl } from './kubernetes-url.ts';
import { runSteps, type Ran } from './shell.ts';

export interface Trial {
  /** The guide, from the root of the repository. */
  readonly file: string;
  /** Where it is tried, as a part of the tests' names. */
  readonly place: string;
  readonly open: () => Promise<World>;
  /** As the guide tells its reader to start the service. */
  readonly cooldown: string;
  /** Whether the API server has a core API, and with it the ConfigMap that shows the newest seal. */
  readonly hasConfigMaps: boolean;
}

const LIMIT_MS = 240_000;
const HAS_PYTHON = spawnSync('python3', ['--version']).status === 0;
const needsPython = ({ command }: Step): boolean => /\bpython3\b/.test(command);

/** Does what a guide says, command by command, with the real programs; each output must be the one it shows. */
export function triedGuide({ file, place, open, cooldown, hasConfigMaps }: Trial): void {
  const steps = stepsOf(readFileSync(join(packageRoot, file), 'utf8'));
  const possible = steps.filter((step) => HAS_PYTHON || !needsPython(step));

  describe(`${file} on ${place}`, () => {
    const stage: { world?: World; service?: ServiceProcess; closeUrl?: () => void } = {};
    let ran: readonly Ran[] = [];

    beforeAll(async () => {
      stage.world = await open();
      const { url: kube, close } = await kubernetesUrl(stage.world);
      stage.closeUrl = close;
      stage.service = await ServiceProcess.prepare({
        cluster: stage.world.clusterConfig,
        execution: { cooldown },
        audit: {
          sealInterval: '1h', // sealed when the guide says so, however long the commands before it took
          ...(!hasConfigMaps && { headConfigMap: 'off' }),
        },
      });
      await stage.service.start();
      ran = await runSteps(possible, { ...surroundings(stage.service, kube), timeoutMs: LIMIT_MS });
    }, LIMIT_MS * 2);

    afterAll(async () => {
      await stage.service?.remove();
      stage.closeUrl?.();
      await stage.world?.close();
    });

    it('has commands to try', () => expect(steps.length).toBeGreaterThan(0));

    it.each(possible.map((step) => [titleOf(step), step] as const))('%s', (_, step) => {
      const done = ran.find((each) => each.step === step);
      if (done === undefined) throw new Error(`it was not run, because a command before it failed`);
      const { output, exitCode } = done;
      const found = departure(step.shown, output);
      if (exitCode === 0 && found === undefined) return;
      throw new Error(`${file}:${step.line}: exit code ${exitCode}; ${found ?? ''}\n${output.join('\n')}`);
    });

    // Visible in every report, and no claim that anything holds.
    for (const step of steps.filter((each) => !possible.includes(each)))
      it(`NOT RUN, for want of python3: ${titleOf(step)}`, () => expect(HAS_PYTHON).toBe(false));
  });
}

const titleOf = ({ command, line }: Step): string => `line ${line}: ${(command.split('\n')[0] ?? '').slice(0, 80)}`;

/** A folder as the root of the repository is for its reader, and the two addresses. */
function surroundings(service: ServiceProcess, kube: string) {
  const folder = join(service.folder, 'clone');
  const programs = join(folder, 'bin');
  mkdirSync(programs, { recursive: true });
  for (const part of ['tools', 'examples']) symlinkSync(join(packageRoot, part), join(folder, part));
  symlinkSync(join(service.folder, 'data'), join(folder, 'data'));
  symlinkSync(join(packageRoot, 'tools/wfe.mjs'), join(programs, 'wfe'));
  const PATH = [programs, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const nobodys = { HOME: folder, KUBECONFIG: join(folder, 'none'), TZ: 'UTC', FORCE_COLOR: '' };
  return { folder, environment: { PATH, WFE_SERVER: service.url, KUBE: kube, ...nobodys } };
}
