import type { Cause } from './cause.ts';
import { cause, wrongPipeline } from './cause.ts';
import { causeOfReference, causeOfRefusedObject } from './message-causes.ts';
import type { Condition } from './read.ts';

/** What a reason of a failed run stands for, given its message. */
type CauseIn = (message: string) => Cause;
const always =
  (found: Cause): CauseIn =>
  () =>
    found;

const parameters = always(
  cause(
    'ConfigurationError',
    'give the parameters in spec.parameters as the workflow declares them and create a new execution.',
  ),
);
const MISSING = /\bmissing parameters: \[([^\]]+)\]/;

/** Tekton lists the names; there is no field that has them. */
const missingParameters: CauseIn = (message) => {
  const names =
    MISSING.exec(message)?.[1]
      ?.split(/[ ,]+/)
      .filter((name) => name !== '') ?? [];
  if (names.length === 0) return parameters(message);
  const which = `parameter${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
  return cause('ConfigurationError', `add ${which} to spec.parameters and create a new execution.`);
};

/** Reasons of a run that failed by itself, not through one of its tasks: then its own message is the cause. */
export const RUN_CAUSES: Readonly<Record<string, CauseIn>> = {
  CouldntGetPipeline: causeOfReference,
  CouldntGetTask: always(
    cause(
      'ConfigurationError',
      'install the task the message names or correct the reference to it, and create a new execution.',
    ),
  ),
  PipelineValidationFailed: always(wrongPipeline('the pipeline as the message says')),
  ParameterMissing: missingParameters,
  ParameterTypeMismatch: parameters,
  ObjectParameterMissKeys: parameters,
  ParamArrayIndexingInvalid: always(wrongPipeline('the index of the array parameter that the message names')),
  InvalidParamValue: parameters,
  InvalidMatrixParameterTypes: always(wrongPipeline("the types of the matrix task's parameters")),
  InvalidWorkspaceBindings: always(
    cause(
      'ConfigurationError',
      'bind the workspaces that the workflow declares in spec.executionConfig.workspaces and create a new execution.',
    ),
  ),
  RequiredWorkspaceMarkedOptional: always(
    wrongPipeline('the workspace that is optional in the pipeline and not in a task'),
  ),
  InvalidTaskRunSpecs: always(wrongPipeline('the task run specs: they name a task the pipeline does not have')),
  PipelineInvalidGraph: always(wrongPipeline('the order of the tasks')),
  InvalidTaskResultReference: always(wrongPipeline('the reference to a task result that the message names')),
  InvalidPipelineResultReference: always(wrongPipeline('the reference to a pipeline result that the message names')),
  CELEvaluationFailed: always(wrongPipeline('the CEL expression that the message names')),
  InvalidPipelineResourceBindings: always(wrongPipeline('the pipeline resources')),
  /** Every task succeeded and none gave the promised result: the bundle is wrong, no task failed. */
  CouldntGetPipelineResult: always(
    cause(
      'ConfigurationError',
      'do not run it again for this: every task succeeded. Let the author correct the results that the pipeline promises.',
    ),
  ),
  CreateRunFailed: always(wrongPipeline('the task that the API server refused to create')),
  ResourceVerificationFailed: always(
    cause(
      'Forbidden',
      "sign the workflow with a key that the cluster's verification policies trust, or correct the policies.",
    ),
  ),
  CouldntCreateWorkspacePVC: causeOfRefusedObject,
  ReasonCouldntCreateOrUpdateAffinityAssistantStatefulSet: causeOfRefusedObject,
  CouldntCreateOrUpdateAffinityAssistantStatefulSet: causeOfRefusedObject,
};

/** The cause of a failed run in which no task is to blame; undefined when its reason says nothing of its own. */
export function causeOfRun({ reason, message }: Condition): Cause | undefined {
  return Object.hasOwn(RUN_CAUSES, reason) ? RUN_CAUSES[reason]?.(message) : undefined;
}
