import { openSandboxWorld } from '../../e2e/sandbox-world.ts';
import { ServiceProcess } from '../../support/service-process.ts';
import type { Answers } from './asking.ts';
import { askInTurns } from './asking.ts';
import { executionsFor, generateLog } from './generate.ts';
import { questionsOf } from './questions.ts';
import { rssMiB } from './rss.ts';
import type { Stage } from './stages.ts';
import { seconds, Stages } from './stages.ts';
import { exported, followed, rebuilt, replayChecked, sealed, verified, verifiedByPython } from './works.ts';

/** What was measured over a log of one size. */
export interface ScaleResult extends Started {
  readonly questions: Answers;
  /** Everything that goes over the whole log, in the order in which it was done. */
  readonly stages: readonly Stage[];
}

interface Started {
  readonly events: number;
  readonly executions: number;
  readonly appendsPerSecond: number;
  readonly firstReadySeconds: number;
  readonly readySeconds: number;
  /** Resident memory of the service after its start. */
  readonly startedMiB: number;
}

/** A generated log, and the service that serves it. */
interface Served {
  readonly service: ServiceProcess;
  readonly started: Started;
  readonly stages: Stages;
}

type World = Awaited<ReturnType<typeof openSandboxWorld>>;

const LONG_MS = 600_000;
/** It takes minutes for a million. */
const FOR_PYTHON = 200_000;

/**
 * Two logs of about so many events are generated and served side by side; both are asked in turns, and then each is gone
 * over in every way there is.
 */
export async function measureScales(
  sizes: readonly [small: number, large: number],
  print: (line: string) => void,
): Promise<readonly [ScaleResult, ScaleResult]> {
  const world = await openSandboxWorld(1);
  const services = await Promise.all(sizes.map(() => ServiceProcess.prepare({ cluster: world.clusterConfig })));
  const [first, second] = services as [ServiceProcess, ServiceProcess];
  try {
    const small = await serve(first, sizes[0], print);
    const large = await serve(second, sizes[1], print);
    const [ofSmall, ofLarge] = await askBoth(small, large);
    await goOver(small);
    await first.stop();
    await goOver(large);
    return [resultOf(small, ofSmall), resultOf(large, ofLarge)];
  } finally {
    await closeAll(services, world);
  }
}

const resultOf = ({ started, stages }: Served, questions: Answers): ScaleResult => ({
  ...started,
  questions,
  stages: stages.done,
});

async function closeAll(services: readonly ServiceProcess[], world: World): Promise<void> {
  for (const service of services) await service.remove();
  await world.close();
}

async function serve(service: ServiceProcess, events: number, print: (line: string) => void): Promise<Served> {
  print(`measuring: scale, ${events} events\n  generating …`);
  const generated = await generateLog(service.logFile, executionsFor(events));
  print(`  ${generated.events} events in ${generated.seconds.toFixed(0)} s; first start …`);
  const stages = new Stages(service, generated.events, print);
  const firstReadySeconds = await seconds(() => service.start(LONG_MS));
  await stages.run('seal a log without seals', () => sealed(service.url, generated.events));
  await service.stop();
  const readySeconds = await seconds(() => service.start(LONG_MS));
  const appendsPerSecond = generated.events / generated.seconds;
  const startedMiB = await rssMiB(service);
  return { service, stages, started: { ...generated, appendsPerSecond, firstReadySeconds, readySeconds, startedMiB } };
}

async function askBoth(small: Served, large: Served): Promise<readonly [Answers, Answers]> {
  const asked = [small, large].map(({ service, started }) => ({
    url: service.url,
    questions: questionsOf(started.executions),
  }));
  let answers: readonly Answers[] = [];
  const ask = async (): Promise<unknown> => (answers = await askInTurns(asked));
  await small.stages.run('questions', () => large.stages.run('questions', ask, 'alone'), 'alone');
  return answers as [Answers, Answers];
}

async function goOver({ service: { url }, stages, started: { events } }: Served): Promise<void> {
  await stages.run('verify', () => verified(url));
  await stages.run('SSE catch-up', () => followed(url, events));
  await stages.run('rebuild of the read model', () => rebuilt(url, LONG_MS));
  await stages.run('replay check', () => replayChecked(url));
  await exported(url, async (export_, file) => {
    await stages.run('export of everything', export_);
    if (events <= FOR_PYTHON) await stages.run('verified by the Python tool', () => verifiedByPython(file), 'alone');
  });
}
