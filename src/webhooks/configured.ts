import type { EventFilter } from '#audit';
import { cloudEventOf, EventMatching, sourceOf } from '#audit';
import type { EventStore } from '#event-store';
import { systemClock } from '#kubernetes';
import type { Webhook } from '#runtime';
import type { Config } from '../config/schema.ts';
import type { WebhookConfig } from '../config/webhooks.ts';
import { shownUrl } from '../config/webhooks.ts';
import { HttpSender } from './http-sender.ts';
import { mustHaveKeys, signingKeys } from './secret.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfiguredWebhooks {
  readonly webhooks: readonly Webhook[];
  readonly close: () => Promise<void>;
}

/** The webhooks of the configuration, ready to be run. @throws StartupError when one has no secret to sign with */
export async function configuredWebhooks(
  config: Pick<Config, 'webhooks' | 'events'>,
  store: EventStore,
  environment: Environment,
): Promise<ConfiguredWebhooks> {
  const source = config.events.source ?? sourceOf(store.storeId);
  const matching = new EventMatching(store);
  const endpoints = config.webhooks.endpoints as readonly WebhookConfig[];
  for (const endpoint of endpoints) await mustHaveKeys(endpoint, environment);
  const ready = endpoints.map((endpoint) => {
    const sender = new HttpSender(endpoint, {
      keys: () => signingKeys(endpoint, environment),
      clock: systemClock,
      cloudEvent: (event) => cloudEventOf(event, source),
    });
    const filter = filterOf(endpoint.filter);
    const { name, url, begin } = endpoint;
    return { name, url: shownUrl(url), begin, sender, wants: matching.matches.bind(matching, filter) };
  });
  return { webhooks: ready, close: async () => void (await Promise.all(ready.map(({ sender }) => sender.close()))) };
}

function filterOf({ remediationRequest, ...rest }: WebhookConfig['filter']): EventFilter {
  return { ...rest, ...(remediationRequest !== undefined && { correlationId: remediationRequest }) };
}
