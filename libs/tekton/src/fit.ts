import type { RunObservation, TaskObservation } from '#execution';
import { clip } from '#execution';
import { LIMITS } from './limits.ts';

const SHORT_TEXT = 256;
const FEW = 32;

type Cut = (observation: RunObservation) => RunObservation;

const eachTask =
  (cut: (task: TaskObservation) => TaskObservation): Cut =>
  (observation) => ({ ...observation, tasks: observation.tasks.map(cut) });

const shortValues = <T extends { readonly value: string }>(results: readonly T[]): readonly T[] =>
  results.map((result) => ({ ...result, value: clip(result.value, SHORT_TEXT) }));

/** What an observation that is too large loses, the least missed first. */
const CUTS: readonly Cut[] = [
  eachTask((task) => ({ ...task, results: shortValues(task.results) })),
  eachTask((task) => ({ ...task, steps: task.state === 'Succeeded' ? [] : task.steps })),
  eachTask((task) => ({ ...task, message: clip(task.message, SHORT_TEXT), results: [] })),
  (observation) => ({ ...observation, results: shortValues(observation.results) }),
  eachTask((task) => ({ ...task, steps: [] })),
  (observation) => ({ ...observation, tasks: observation.tasks.slice(0, FEW) }),
  (observation) => ({
    ...observation,
    tasks: [],
    results: observation.results.slice(0, FEW),
    skippedTasks: observation.skippedTasks.slice(0, FEW),
  }),
];

/** The observation, cut as little as makes it fit LIMITS.snapshotBytes. */
export function fit(observation: RunObservation): RunObservation {
  let fitting = observation;
  for (const cut of CUTS) {
    if (fits(fitting)) return fitting;
    fitting = cut(fitting);
  }
  return fitting;
}

/** A UTF-16 unit takes one to three bytes, so most texts need no counting. */
function fits(observation: RunObservation): boolean {
  const json = JSON.stringify(observation);
  if (json.length > LIMITS.snapshotBytes) return false;
  return json.length * 3 <= LIMITS.snapshotBytes || utf8Length(json) <= LIMITS.snapshotBytes;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
