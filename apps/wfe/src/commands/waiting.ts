import type { Api } from '../api/api.ts';
import { followingExecution } from '../api/following-execution.ts';
import { Failure } from '../exit-codes.ts';
import { timelineEntry } from '../render/timeline.ts';
import type { Session } from '../session.ts';
import { remark, type Ending, type Form } from './command.ts';
import { printExecution, stateOf } from './get.ts';

interface WaitOptions {
  readonly waitTimeout: number;
  readonly output: Form;
}

/** Waits for the end of an execution, showing on a terminal what happens, and answers how it ended. @throws Failure */
export async function waitFor(session: Session, api: Api, id: string, options: WaitOptions): Promise<Ending> {
  const { shell, times, notes } = session;
  const late = AbortSignal.timeout(options.waitTimeout);
  const signal = AbortSignal.any([late, shell.signal]);
  const onLost = (why: Failure): void => remark(session, why.message);
  let hasEnded = false;
  for await (const entry of followingExecution(api, id, 'finished', { signal, onLost })) {
    if (shell.stderr.isTTY) shell.stderr.write(timelineEntry(entry, times, notes));
    hasEnded = !signal.aborted;
  }
  const execution = await stateOf(api, id);
  if (execution.status.outcome === undefined || !hasEnded) throw tooLate(id, options.waitTimeout);
  printExecution(session, options.output, execution);
  return execution.status.outcome === 'Success' ? 'ok' : 'no';
}

function tooLate(id: string, waitedMs: number): Failure {
  return new Failure('late', `execution ${id} did not end within ${waitedMs / 1000} s`, {
    advice: `It goes on. Look with wfe watch ${id}, or stop it with wfe cancel ${id} --reason TEXT`,
  });
}
