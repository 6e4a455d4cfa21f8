import type { RecordedEvent } from '#event-store';
import type { JsonObject } from '#execution';
import { executionIdOf } from '#execution';

/**
 * An event as CloudEvents 1.0 in JSON (https://cloudevents.io). Beside the attributes of the specification: where it
 * stands in the log, who and why, and the extensions Distributed Tracing (`traceparent`) and Sequence (`sequence`).
 */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Id of the execution; the name of the stream for an event of no execution. */
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
  readonly data: JsonObject;
  readonly position: string;
  readonly revision: number;
  /** The revision as a text that sorts: the order within the subject. */
  readonly sequence: string;
  readonly hash: string;
  readonly previoushash: string;
  readonly actor?: string;
  /** The door the command came in by: `metadata.source`. */
  readonly origin?: string;
  readonly commandid?: string;
  readonly correlationid?: string;
  readonly causationid?: string;
  readonly traceparent?: string;
}

/** The API group, from the end to the beginning. */
export const CLOUD_EVENT_TYPE_PREFIX = 'ai.kubernaut.workflowexecution.';
const SEQUENCE_DIGITS = 10;

/** `source` when nobody configured one: the identity of the log. With `id` it is unique for good. */
export const sourceOf = (storeId: string): string => `urn:uuid:${storeId}`;

/** The same fact in the words of CloudEvents. Pure. */
export function cloudEventOf(event: RecordedEvent, source: string): CloudEvent {
  const { id, type, schemaVersion, stream, revision, metadata } = event;
  return {
    specversion: '1.0',
    id,
    source,
    type: CLOUD_EVENT_TYPE_PREFIX + type,
    subject: executionIdOf(stream) ?? stream,
    time: metadata.time,
    datacontenttype: 'application/json',
    dataschema: `urn:workflow-execution:event:${type}:${schemaVersion}`,
    data: event.data,
    position: event.position,
    revision,
    sequence: String(revision).padStart(SEQUENCE_DIGITS, '0'),
    hash: event.hash,
    previoushash: event.previousHash,
    ...attribute('actor', metadata.actor.user),
    ...attribute('origin', metadata.source),
    ...attribute('commandid', metadata.commandId),
    ...attribute('correlationid', metadata.correlationId),
    ...attribute('causationid', metadata.causationId),
    ...attribute('traceparent', metadata.traceparent),
  };
}

const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]/g;

/** An attribute is a text that is not empty, without control characters and noncharacters. */
function attribute(name: string, text: string | undefined): Readonly<Record<string, string>> {
  if (text === undefined || text === '') return {};
  return { [name]: text.toWellFormed().replace(FORBIDDEN, '\ufffd') };
}
