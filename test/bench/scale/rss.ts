import { readFile, writeFile } from 'node:fs/promises';
import type { ServiceProcess } from '../../support/service-process.ts';

/* What Linux counts; NaN elsewhere. */

export const rssMiB = (service: ServiceProcess): Promise<number> => counted(service, 'VmRSS');

/** The most since the last `forgetPeak`. */
export const peakMiB = (service: ServiceProcess): Promise<number> => counted(service, 'VmHWM');

/** From now on the peak is counted anew (proc_pid_clear_refs(5)). */
export async function forgetPeak({ pid }: ServiceProcess): Promise<void> {
  await writeFile(`/proc/${pid ?? 0}/clear_refs`, '5').catch(() => undefined);
}

async function counted({ pid }: ServiceProcess, name: string): Promise<number> {
  const text = await readFile(`/proc/${pid ?? 0}/status`, 'utf8').catch(() => '');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024;
}
