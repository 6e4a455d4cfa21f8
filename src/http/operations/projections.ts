import type { OperationText } from '../operation.ts';
import { projectionAnswer, projectionsAnswer } from '../schemas/projections.ts';

export const PROJECTIONS_LIST: OperationText = {
  id: 'listProjections',
  summary: 'Projections',
  description: 'What is computed from the log and kept, how far behind the log it is, and how far a rebuild is.',
  answers: [{ status: 200, description: 'All of them.', schema: projectionsAnswer }],
  problems: ['store-unavailable'],
};

export const REBUILD: OperationText = {
  id: 'rebuildProjection',
  summary: 'Rebuild',
  description:
    'Builds it from nothing beside the one that answers, and puts it in its place when it has caught up. Queries are ' +
    'answered meanwhile, from the old one, and say so.',
  answers: [{ status: 202, description: 'Begun.', schema: projectionAnswer }],
  problems: [
    'validation-failed',
    'malformed-json',
    'malformed-request',
    'request-timeout',
    'body-too-large',
    'unsupported-media-type',
    'projection-unknown',
    'rebuild-running',
    'store-unavailable',
  ],
};
