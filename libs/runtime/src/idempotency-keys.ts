import { createHash } from 'node:crypto';
import type { EventStore } from '#event-store';
import { ConcurrencyError, StreamNotFoundError } from '#event-store';
import type { Json, NewEvent } from '#execution';
import type { Clock } from '#kubernetes';
import type { CommandOrigin } from './dispatcher.ts';
import { eventId } from './ids.ts';
import type { CreateRequest } from './service.ts';

export interface KeyClaim {
  readonly executionId: string;
}

interface Claim extends KeyClaim {
  /** Of the request, so that the key cannot stand for another one. */
  readonly fingerprint: string;
}

/** The key was used before, with another request. */
export const KeyReused = Symbol('KeyReused');

const CATEGORY = 'idempotencykey';
const EVENT = 'IdempotencyKeyClaimed';
const SCHEMA_VERSION = 1;

/**
 * Which execution a client's key stands for, kept in the log itself: one stream per key, named by the key's hash. The
 * claim is durable before the execution is; a crash in between leaves a claim, and the repeated request finds it.
 */
export class IdempotencyKeys {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  /** The execution id this key stands for: the one given now, or the one of the first request with this key. */
  async claim(
    key: string,
    request: CreateRequest,
    executionId: string,
    origin: CommandOrigin,
  ): Promise<KeyClaim | typeof KeyReused> {
    const stream = `${CATEGORY}-${sha256(key)}`;
    const fingerprint = fingerprintOf(request);
    const earlier = await this.read(stream);
    if (earlier !== undefined) return earlier.fingerprint === fingerprint ? earlier : KeyReused;
    try {
      await this.store.append(stream, 'none', [this.claimed(stream, { executionId, fingerprint }, request, origin)]);
      return { executionId };
    } catch (error) {
      if (!(error instanceof ConcurrencyError)) throw error;
      const winner = await this.read(stream);
      return winner?.fingerprint === fingerprint ? winner : KeyReused;
    }
  }

  private claimed(stream: string, claim: Claim, request: CreateRequest, origin: CommandOrigin): NewEvent {
    const { actor, source, commandId, traceparent } = origin;
    return {
      id: eventId(stream, commandId, 0),
      type: EVENT,
      schemaVersion: SCHEMA_VERSION,
      data: { ...claim },
      metadata: {
        time: new Date(this.clock.now()).toISOString(),
        actor,
        source,
        commandId,
        correlationId: request.spec.remediationRequestRef.name,
        causationId: commandId,
        ...(traceparent !== undefined && { traceparent }),
      },
    };
  }

  private async read(stream: string): Promise<Claim | undefined> {
    try {
      const [event] = (await this.store.readStream(stream, { limit: 1 })).events;
      const { executionId, fingerprint } = event?.data ?? {};
      if (typeof executionId !== 'string' || typeof fingerprint !== 'string') return undefined;
      return { executionId, fingerprint };
    } catch (error) {
      if (error instanceof StreamNotFoundError) return undefined;
      throw error;
    }
  }
}

/** Equal for requests that ask for the same thing, whatever the order of their keys. */
function fingerprintOf({ spec, namespace, name }: CreateRequest): string {
  return sha256(JSON.stringify(sorted({ spec, namespace, ...(name !== undefined && { name }) } as unknown as Json)));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
