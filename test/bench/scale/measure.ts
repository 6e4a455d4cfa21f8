import { openSandboxWorld } from '../../e2e/sandbox-world.ts';
import { ServiceProcess } from '../../support/service-process.ts';
import { askAll } from './asking.ts';
import { executionsFor, generateLog } from './generate.ts';
import { questionsOf } from './questions.ts';
import { rssMiB } from './rss.ts';
import type { Stage } from './stages.ts';
import { seconds, Stages } from './stages.ts';
import { exported, followed, rebuilt, replayChecked, sealed, verified, verifiedByPython } from './works.ts';

/** What was measured over a log of one size. */
export interface ScaleResult {
  readonly events: number;
  readonly executions: number;
  readonly appendsPerSecond: number;
  readonly firstReadySeconds: number;
  readonly readySeconds: number;
  /** Milliseconds of each question's sample. */
  readonly questions: ReadonlyMap<string, readonly number[]>;
  /** Everything that goes over the whole log, in the order in which it was done. */
  readonly stages: readonly Stage[];
  /** Resident memory of the service after its start. */
  readonly startedMiB: number;
}

const LONG_MS = 600_000;
/** It takes minutes for a million. */
const FOR_PYTHON = 200_000;

/** A log of about this many events is generated, served, asked, and gone over in every way there is. */
export async function measureScale(events: number, print: (line: string) => void): Promise<ScaleResult> {
  const world = await openSandboxWorld(1);
  const service = await ServiceProcess.prepare({ cluster: world.clusterConfig });
  try {
    const executions = executionsFor(events);
    print(`  generating ${events} events …`);
    const generated = await generateLog(service.logFile, executions);
    print(`  ${generated.events} events in ${generated.seconds.toFixed(0)} s; first start …`);
    const appendsPerSecond = generated.events / generated.seconds;
    const served = await measureServed(service, { executions, events: generated.events }, print);
    return { ...generated, appendsPerSecond, ...served };
  } finally {
    await service.remove();
    await world.close();
  }
}

type Served = Pick<ScaleResult, 'firstReadySeconds' | 'readySeconds' | 'questions' | 'stages' | 'startedMiB'>;

/** @param service with the generated log in its place, not started yet */
export async function measureServed(
  service: ServiceProcess,
  { executions, events }: Pick<ScaleResult, 'executions' | 'events'>,
  print: (line: string) => void,
): Promise<Served> {
  const { url } = service;
  const stages = new Stages(service, events, print);
  const firstReadySeconds = await seconds(() => service.start(LONG_MS));
  await stages.run('seal a log without seals', () => sealed(url, events));
  await service.stop();
  const readySeconds = await seconds(() => service.start(LONG_MS));
  const startedMiB = await rssMiB(service);
  let questions: Served['questions'] = new Map();
  await stages.run('questions', async () => (questions = await askAll(url, questionsOf(executions))), 'alone');
  await stages.run('verify', () => verified(url));
  await stages.run('SSE catch-up', () => followed(url, events));
  await stages.run('rebuild of the read model', () => rebuilt(url, LONG_MS));
  await stages.run('replay check', () => replayChecked(url));
  await exported(url, async (export_, file) => {
    await stages.run('export of everything', export_);
    if (events <= FOR_PYTHON) await stages.run('verified by the Python tool', () => verifiedByPython(file), 'alone');
  });
  return { firstReadySeconds, readySeconds, questions, stages: stages.done, startedMiB };
}
