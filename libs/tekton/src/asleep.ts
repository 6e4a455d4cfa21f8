import { fieldsOf } from './read.ts';

/** `spec.status` of a run that exists and holds its name, while Tekton leaves it alone. */
export const ASLEEP = 'PipelineRunPending';

/** True while a run has not been started: Tekton will do nothing for it. */
export const isAsleep = (pipelineRun: unknown): boolean => fieldsOf(fieldsOf(pipelineRun).spec).status === ASLEEP;

/**
 * JSON patch (RFC 6902) that starts the run of that uid. It fails (422) when the run is another one, or is no longer
 * asleep: started or cancelled since.
 */
export const startPatch = (uid: string): readonly object[] => [
  { op: 'test', path: '/metadata/uid', value: uid },
  { op: 'test', path: '/spec/status', value: ASLEEP },
  { op: 'remove', path: '/spec/status' },
];
