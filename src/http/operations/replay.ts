import type { OperationText } from '../operation.ts';
import type { ProblemCode } from '../problem-table.ts';
import { causesAnswer, diffAnswer, historyAnswer, replayLines, replayReport, whyAnswer } from '../schemas/replay.ts';
import { REPLAY_REPORT } from '../schemas/replay-examples.ts';
import { preflightAnswer, targetAnswer, targetsAnswer } from '../schemas/targets.ts';

const QUESTION: readonly ProblemCode[] = ['validation-failed', 'store-unavailable', 'newer-version-needed'];
const OF_EXECUTION: readonly ProblemCode[] = [...QUESTION, 'execution-unknown', 'revision-unknown', 'history-archived'];

export const HISTORY: OperationText = {
  id: 'readHistory',
  summary: 'History for people',
  description: 'What happened in sentences, by whom and through which door, what led to it, and how long it took.',
  answers: [{ status: 200, description: 'A page of the history.', schema: historyAnswer }],
  problems: [...OF_EXECUTION, 'moment-in-future'],
};

export const DIFF: OperationText = {
  id: 'compareStates',
  summary: 'Difference of two points',
  description:
    'What changed between two revisions or times, field by field; by default, what the newest event changed.',
  answers: [{ status: 200, description: 'The changes.', schema: diffAnswer }],
  problems: [...OF_EXECUTION, 'moment-in-future'],
};

export const CAUSES: OperationText = {
  id: 'readCauses',
  summary: 'Causes of an event',
  description: 'From an event back to the command that began it all: who gave it, and through which door.',
  answers: [{ status: 200, description: 'The chain of causes.', schema: causesAnswer }],
  problems: OF_EXECUTION,
};

export const WHY: OperationText = {
  id: 'explainState',
  summary: 'Why it is so',
  description:
    'Why the execution is as it is, or was then, in sentences: what led to it, who was behind it, what is next.',
  answers: [{ status: 200, description: 'The explanation.', schema: whyAnswer }],
  problems: [...OF_EXECUTION, 'moment-in-future'],
};

export const TARGETS: OperationText = {
  id: 'listTargets',
  summary: 'Targets',
  description: 'Targets that have, or had, an execution, by name: who has the lock, and how many wait for it.',
  answers: [{ status: 200, description: 'A page.', schema: targetsAnswer }],
  problems: [...QUESTION, 'cursor-invalid'],
};

export const TARGET: OperationText = {
  id: 'getTarget',
  summary: 'Target',
  description:
    'Who has the lock on a target, who waits for it, and its executions; now, or at a moment. Slashes in its name may be written as they are or as %2F. A target nobody ever asked for is free.',
  answers: [{ status: 200, description: 'The target.', schema: targetAnswer }],
  problems: [...QUESTION, 'cursor-invalid', 'moment-in-future', 'malformed-request'],
};

export const PREFLIGHT: OperationText = {
  id: 'preflight',
  summary: 'Preflight',
  description:
    'May this workflow run on this target, and if not, why and until when. It only answers: the caller decides.',
  answers: [{ status: 200, description: 'Yes or no.', schema: preflightAnswer }],
  problems: [
    ...QUESTION,
    'malformed-json',
    'malformed-request',
    'request-timeout',
    'body-too-large',
    'unsupported-media-type',
    'moment-in-future',
  ],
};

export const REPLAY_CHECK: OperationText = {
  id: 'checkReplay',
  summary: 'What-if replay',
  description:
    'Folds the whole log with the code of today and holds it against what every resource shows and against the read model. ' +
    'What differs is looked at again before it is told: a write may be under way. Takes as long as the log is; ' +
    'with `Accept: application/x-ndjson` it says how far it has come.',
  answers: [
    {
      status: 200,
      description: 'The report, empty of differences when all is well.',
      schema: replayReport,
      also: {
        'application/x-ndjson': {
          schema: replayLines,
          example: `{"progress":{"executions":1200,"differences":0}}\n${JSON.stringify({ report: REPLAY_REPORT })}\n`,
        },
      },
    },
  ],
  problems: ['store-unavailable', 'cluster-unavailable', 'not-acceptable', 'too-many-streams'],
};
