import type { Recording } from './recording.ts';
import { recordingNamed } from './recording.ts';

/** What a bundle reference makes the scripted Tekton play. */
export interface Scenario {
  /** The bundle to name as `workflowRef.containerImage`. */
  readonly reference: string;
  readonly title: string;
  readonly whatHappens: string;
  /** Name of the recorded run in apps/sandbox/recordings. */
  readonly recording: string;
  /** Stretches the recorded times; 0 plays only the end of each task, as soon as it is created. */
  readonly pace?: number;
  /** A parameter whose value comes back as a result. */
  readonly echo?: { readonly parameter: string; readonly task: string; readonly result: string };
}

export const SCENARIOS: readonly Scenario[] = [
  {
    reference: 'sandbox.local/echo:1',
    title: 'Success',
    whatHappens:
      'Two tasks and a finally task succeed in 3 s; the parameter MESSAGE comes back as the result "message".',
    recording: 'ok-bundle-tag',
    echo: { parameter: 'MESSAGE', task: 'work', result: 'message' },
  },
  {
    reference: 'sandbox.local/quick:1',
    title: 'Success, as fast as possible',
    whatHappens: 'One task succeeds as soon as it is created. For load tests.',
    recording: 'bundle-raw-layer',
    pace: 0,
  },
  {
    reference: 'sandbox.local/slow:1',
    title: 'Success that takes its time',
    whatHappens: 'Two tasks and a finally task succeed in about 20 s: time to watch, cancel or restart.',
    recording: 'stopped-run-finally',
    pace: 3.2,
  },
  {
    reference: 'sandbox.local/retries:1',
    title: 'Success at the third attempt',
    whatHappens: 'The task exits 1, then runs out of memory, then succeeds.',
    recording: 'retries-ok',
  },
  {
    reference: 'sandbox.local/fail:1',
    title: 'A step fails',
    whatHappens: 'The first step of the first task exits 1; the next task is skipped, the finally task runs.',
    recording: 'fail-exit1',
  },
  {
    reference: 'sandbox.local/exit3:1',
    title: 'A later step fails',
    whatHappens: 'The second step of the first task exits 3.',
    recording: 'fail-exit1-bundle',
  },
  {
    reference: 'sandbox.local/late-fail:1',
    title: 'A later step fails, late',
    whatHappens: 'The second step of the first task exits 3 after about 14 s; the finally task runs. For looking back.',
    recording: 'fail-exit1-bundle',
    pace: 14,
  },
  {
    reference: 'sandbox.local/oom:1',
    title: 'Out of memory',
    whatHappens: 'The step is killed with exit code 137, OOMKilled.',
    recording: 'fail-oom',
  },
  {
    reference: 'sandbox.local/evicted:1',
    title: 'Pod evicted',
    whatHappens: 'The node is low on memory and evicts the pod; told in the words of Tekton before v1.12.',
    recording: 'v1.9-fail-evicted',
  },
  {
    reference: 'sandbox.local/timeout:1',
    title: "The task's own time limit",
    whatHappens: 'The task is stopped by its own limit of 4 s.',
    recording: 'timeout-task',
  },
  {
    reference: 'sandbox.local/hang:1',
    title: 'Never ends by itself',
    whatHappens: 'The task runs until the run is cancelled or its time limit passes. For trying to cancel.',
    recording: 'cancelled-run-finally',
  },
  {
    reference: 'sandbox.local/pull-error:1',
    title: 'Image cannot be pulled',
    whatHappens: 'ErrImagePull, then ImagePullBackOff: the task fails before any step has run.',
    recording: 'image-pull',
  },
  {
    reference: 'sandbox.local/config-error:1',
    title: 'Container cannot be configured',
    whatHappens: 'A secret is missing: the task fails before any step has run.',
    recording: 'v1.9-config-error',
  },
  {
    reference: 'sandbox.local/quota:1',
    title: 'Quota exceeded',
    whatHappens: "The pod is refused by a ResourceQuota until the run's time limit passes.",
    recording: 'quota',
  },
  {
    reference: 'sandbox.local/bad-param:1',
    title: 'A required parameter is missing',
    whatHappens: 'The pipeline wants the parameter "count"; without it the run ends before any task.',
    recording: 'param-missing',
  },
  {
    reference: 'sandbox.local/missing-result:1',
    title: 'A promised result is missing',
    whatHappens: 'All tasks succeed, and the run fails: none of them gave the result the pipeline declares.',
    recording: 'bundle-bad-sa',
  },
  {
    reference: 'sandbox.local/frozen:1',
    title: 'Tekton freezes',
    whatHappens:
      'A task fails while another, which a third waits for, runs on: the run stays "Running" beyond its time limit until it is cancelled.',
    recording: 'cancelfinally-after-failure',
  },
  {
    reference: 'sandbox.local/pod-lost:1',
    title: 'A pod is deleted',
    whatHappens:
      'The task and the run fail for good; then the task comes back to life and succeeds, unseen by the run.',
    recording: 'pod-deleted',
  },
  {
    reference: 'sandbox.local/no-such-tag:1',
    title: 'No such bundle',
    whatHappens: 'The registry does not know the bundle. Every reference that is not in this list ends so.',
    recording: 'bundle-no-such-tag',
  },
];

/** What every reference that names no scenario gets. */
const UNKNOWN: Scenario = SCENARIOS[SCENARIOS.length - 1] as Scenario;
const untagged = (reference: string): string => reference.replace(/:[^:/]*$/, '');

/** The scenario of a bundle reference; a reference by digest names the repository alone. */
export function scenarioOf(reference: string): Scenario {
  const [repository, digest] = reference.split('@', 2) as [string, string?];
  const matches = ({ reference: known }: Scenario): boolean =>
    digest === undefined ? known === repository : untagged(known) === untagged(repository);
  return SCENARIOS.find(matches) ?? UNKNOWN;
}

export const recordingOf = ({ recording }: Scenario): Recording => recordingNamed(recording);
