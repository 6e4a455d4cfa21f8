import type { TaskRecording } from './recording.ts';
import { recordingNamed } from './recording.ts';
import type { Scenario } from './scenarios.ts';
import { recordingOf } from './scenarios.ts';

/** What a scenario plays for a task. A task its recorded run never came to goes as well as that of `echo`. */
export function taskRecording(scenario: Scenario, task: string): TaskRecording {
  const recorded = recordingOf(scenario).tasks[task] ?? recordingNamed('ok-bundle-tag').tasks[task];
  if (recorded === undefined) throw new Error(`expected a recording of the task "${task}" for ${scenario.reference}`);
  return recorded;
}
