import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceProcess } from '../../support/service-process.ts';
import { forgetPeak, peakMiB } from './rss.ts';

/** One piece of work over the whole log. */
export interface Stage {
  readonly name: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** The most resident memory of the service meanwhile. */
  readonly peakMiB: number;
  /** Milliseconds in which the newest executions were listed meanwhile; empty when nobody asked. */
  readonly meanwhileMs: readonly number[];
}

/** Between two questions of somebody who asks while other work is done. */
const PAUSE_MS = 25;

/** Does one piece of work after the other, and looks at the service meanwhile. */
export class Stages {
  private readonly stages: Stage[] = [];

  constructor(
    private readonly service: ServiceProcess,
    private readonly events: number,
    private readonly print: (line: string) => void,
  ) {}

  get done(): readonly Stage[] {
    return this.stages;
  }

  /** @param company whether somebody asks for a list meanwhile */
  async run(name: string, work: () => Promise<unknown>, company: 'asked' | 'alone' = 'asked'): Promise<void> {
    const { service, events } = this;
    this.print(`  ${name} …`);
    await forgetPeak(service);
    const over = new AbortController();
    const asking = company === 'asked' ? asked(service.url, over.signal) : Promise.resolve([]);
    const taken = await seconds(work);
    over.abort();
    const meanwhileMs = await asking;
    this.stages.push({
      ...{ name, seconds: taken, perSecond: events / taken, meanwhileMs },
      peakMiB: await peakMiB(service),
    });
  }
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1000;
}

async function asked(url: string, over: AbortSignal): Promise<readonly number[]> {
  const sample: number[] = [];
  while (!over.aborted) {
    const startMs = performance.now();
    const answer = await fetch(`${url}/v1/executions?limit=50`);
    await answer.text();
    sample.push(performance.now() - startMs);
    await sleep(PAUSE_MS);
  }
  return sample;
}
