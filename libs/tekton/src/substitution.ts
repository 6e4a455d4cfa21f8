/**
 * What Tekton replaces inside texts: `$(root.path)`, `$(root["path"])` and `$(root['path'])` for its own roots. It has
 * no escape, and leaves every other `$(…)` alone. The closing parenthesis must follow without another one opening.
 *
 * `params`, `context`, `tasks`, `finally` and `workspaces` are replaced in the run's and the pipeline's parameters;
 * `results`, `step`, `steps`, `credentials`, `inputs` and `artifacts` later, in the steps the value is written into.
 */
const REFERENCE =
  /\$\((?:params|context|tasks|finally|workspaces|results|steps?|credentials|inputs|artifacts)[.[][^()]*\)/g;

/** Tekton's references in a parameter value, in order, as they stand there; empty when the value arrives unchanged. */
export const substitutionsIn = (value: string): readonly string[] => value.match(REFERENCE) ?? [];
