import type { Children } from './children.ts';
import { failedInOrder } from './culprit.ts';
import type { Run } from './run.ts';
import type { TaskRun } from './task-run.ts';

/** Names told in one sentence; the rest are counted. */
const NAMES = 3;

/** Whole sentences on what place, exit code and message of a failure leave out; empty when there is nothing to add. */
export function whatHappened(run: Run, children: Children, culprit: TaskRun | undefined): string {
  const sentences = [
    attempts(culprit),
    instance(children, culprit),
    ...(run.outcome === 'Cancelled' ? [failedBefore(children), cancelledTask(run)] : [alsoFailed(children, culprit)]),
    revived(run, culprit),
    skippedForTime(run),
    unseen(children),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

const attempts = (culprit: TaskRun | undefined): string =>
  culprit?.state === 'Failed' && culprit.attempt > 1 ? `The task failed after ${culprit.attempt} attempts.` : '';

/** A matrix makes several task runs of one task; then its name does not say which. */
function instance({ own }: Children, culprit: TaskRun | undefined): string {
  const siblings = own.filter(({ task }) => task === culprit?.task).length;
  return culprit === undefined || siblings < 2
    ? ''
    : `It was ${culprit.name}, one of ${siblings} task runs of that task.`;
}

const alsoFailed = (children: Children, culprit: TaskRun | undefined): string =>
  culprit?.state === 'Failed'
    ? listed(
        'Also failed',
        failedInOrder(children).filter((task) => task !== culprit),
      )
    : '';

const failedBefore = (children: Children): string => listed('Failed by itself before', failedInOrder(children));

/** Tekton also ends a run as cancelled when one of its task runs was cancelled by somebody. */
const cancelledTask = ({ wantsEnd }: Run): string =>
  wantsEnd ? '' : 'The run itself was not asked to end: one of its task runs was cancelled.';

function revived({ outcome, condition }: Run, culprit: TaskRun | undefined): string {
  if (outcome !== 'Failed' || condition?.reason !== 'Failed' || culprit === undefined) return '';
  if (culprit.state === 'Failed' || culprit.state === 'Cancelled') return '';
  return 'The task runs or ran again after its run had failed (Tekton makes a lost pod anew), so how it failed is no longer told.';
}

const skippedForTime = ({ skippedTasks }: Run): string =>
  listed(
    'Not started because time was up',
    skippedTasks
      .filter(({ reason }) => /\btimeout has been reached\b/.test(reason))
      .map(({ name }) => ({ task: name })),
  );

const unseen = ({ unseen: count }: Children): string =>
  count === 0 ? '' : `${count === 1 ? 'One task run' : `${count} task runs`} of it could not be seen.`;

function listed(lead: string, tasks: readonly { readonly task: string }[]): string {
  if (tasks.length === 0) return '';
  const names = tasks.slice(0, NAMES).map(({ task }) => task);
  const more = tasks.length > NAMES ? ` and ${tasks.length - NAMES} more` : '';
  return `${lead}: ${names.join(', ')}${more}.`;
}
