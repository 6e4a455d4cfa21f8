import type { OperationText } from '../operation.ts';
import { replayAnswer, webhooksAnswer } from '../schemas/webhooks.ts';

export const WEBHOOKS: OperationText = {
  id: 'listWebhooks',
  summary: 'List',
  description: 'Every configured webhook: how far it is, how far behind, and what went wrong last. No secrets.',
  answers: [{ status: 200, description: 'The webhooks.', schema: webhooksAnswer }],
  problems: ['store-unavailable'],
};

export const REPLAY_WEBHOOK: OperationText = {
  id: 'replayWebhook',
  summary: 'Replay',
  description:
    'Delivers everything after a position again; a position further on leaves out what is between. Enables a webhook that was disabled. Answers when the request is durably recorded.',
  answers: [{ status: 202, description: 'Asked for.', schema: replayAnswer }],
  problems: [
    'validation-failed',
    'malformed-json',
    'malformed-request',
    'position-unknown',
    'webhook-unknown',
    'request-timeout',
    'body-too-large',
    'unsupported-media-type',
    'store-unavailable',
    'perhaps-applied',
    'too-contended',
  ],
};
