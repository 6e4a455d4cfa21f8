import type { Position, RecordedEvent } from '#event-store';

export const WEBHOOK_CATEGORY = 'webhook';

/** Name of the stream in which a webhook's position is kept. */
export const webhookStreamOf = (name: string): string => `${WEBHOOK_CATEGORY}-${name}`;

/**
 * What is recorded of a webhook. Every event says the whole of it, so that the newest is enough: `position` is where
 * delivery goes on after, `url` (without credentials and query) where to.
 */
export type WebhookEvent =
  /** It was seen for the first time, or under another address. */
  | { readonly type: 'WebhookConfigured'; readonly data: Place }
  /** Everything up to the position was delivered or not wanted; `events` about executions since the one before. */
  | { readonly type: 'WebhookPositionReached'; readonly data: Place & { readonly events: number } }
  /** Somebody wants everything after the position delivered again, or what is before it left out. */
  | { readonly type: 'WebhookReplayRequested'; readonly data: Place & { readonly reason: string } }
  /** The receiver said that it wants nothing more. */
  | { readonly type: 'WebhookDisabled'; readonly data: Place & { readonly reason: string } };

interface Place {
  readonly url: string;
  readonly position: string;
}

export const WEBHOOK_EVENT_VERSION = 1;

/** What the log says of a webhook. */
export interface WebhookState {
  readonly revision: number;
  readonly position: Position;
  readonly url: string;
  readonly isDisabled: boolean;
}

/** @throws Error for an event this version does not know: going on from a wrong place would leave something out */
export function webhookStateOf(event: RecordedEvent): WebhookState {
  const { type, schemaVersion, data, revision } = event;
  const { url, position } = data;
  const isKnown = schemaVersion === WEBHOOK_EVENT_VERSION && typeof url === 'string' && typeof position === 'string';
  if (!isKnown || !KNOWN.has(type))
    throw new Error(
      `event ${event.stream}@${revision}: expected a webhook's event of version ${WEBHOOK_EVENT_VERSION}, found ${type} ` +
        `version ${schemaVersion}; the log was written by a newer version, use that one`,
    );
  return { revision, url, position: position as Position, isDisabled: type === 'WebhookDisabled' };
}

const TYPES: Readonly<Record<WebhookEvent['type'], true>> = {
  WebhookConfigured: true,
  WebhookPositionReached: true,
  WebhookReplayRequested: true,
  WebhookDisabled: true,
};
const KNOWN: ReadonlySet<string> = new Set(Object.keys(TYPES));
