import { readdirSync, readFileSync } from 'node:fs';
import { CloudEvent as SdkEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import type { RecordedEvent } from '#event-store';
import { MemoryEventStore, MemoryLog } from '#event-store';
import type { JsonObject } from '#execution';
import { SCHEMA_VERSIONS, streamOf } from '#execution';
import { cloudEventOf, sourceOf } from '../../src/log/cloud-event.ts';
import { eventOf, IDS, START_MS } from '../support/sample-log.ts';

const SOURCE = sourceOf('5f0c8c8a-1111-4222-8333-444444444444');
const GOLDEN = new URL('../../../../../libs/execution/test/golden/', import.meta.url);

async function recorded(type: string, data: JsonObject, metadata: Partial<RecordedEvent['metadata']> = {}) {
  const event = eventOf(type, data, 1);
  const { events } = await new MemoryEventStore(new MemoryLog(SOURCE.slice(9))).append(streamOf(IDS[0]!), 'none', [
    { ...event, metadata: { ...event.metadata, ...metadata } },
  ]);
  return events[0]!;
}

const TYPES = readdirSync(GOLDEN).filter((name) => name.endsWith('.json'));

test('an event keeps everything it says about itself', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const event = await recorded('TaskStarted', { pipelineTask: 'build' }, { traceparent });
  expect(cloudEventOf(event, SOURCE)).toEqual({
    specversion: '1.0',
    id: event.id,
    source: 'urn:uuid:5f0c8c8a-1111-4222-8333-444444444444',
    type: 'ai.kubernaut.workflowexecution.TaskStarted',
    subject: IDS[0],
    time: new Date(START_MS + 1_000).toISOString(),
    datacontenttype: 'application/json',
    dataschema: 'urn:workflow-execution:event:TaskStarted:1',
    data: { pipelineTask: 'build' },
    position: 'm1:5f0c8c8a1111:1',
    revision: 0,
    sequence: '0000000000',
    hash: event.hash,
    previoushash: '0'.repeat(64),
    actor: 'alice',
    origin: 'driver',
    commandid: 'command-1',
    correlationid: 'rr-1',
    causationid: 'command-1',
    traceparent,
  });
});

test('there is a golden event of every type to be tried', () => {
  expect(new Set(TYPES.map((name) => name.split(/[.-]/)[0]))).toEqual(new Set(Object.keys(SCHEMA_VERSIONS)));
});

test.each(TYPES)('%s is a valid CloudEvent, and the official SDK reads what it wrote', async (name) => {
  const { type, data } = JSON.parse(readFileSync(new URL(name, GOLDEN), 'utf8')) as { type: string; data: JsonObject };
  const told = cloudEventOf(await recorded(type, data), SOURCE);
  const strict = new SdkEvent({ ...told });
  expect(strict.validate()).toBe(true);
  const read = HTTP.toEvent({
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify(told),
  }) as SdkEvent<unknown>;
  expect(JSON.parse(JSON.stringify(read.toJSON()))).toEqual(JSON.parse(JSON.stringify(told)));
});

test('what a text holds, its attribute is one CloudEvents allows: not empty, no control characters', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (text) => {
      const isKept = text.isWellFormed();
      const event = await recorded('TaskStarted', {}, isKept ? { correlationId: text } : {});
      const { correlationid } = cloudEventOf(event, SOURCE);

      expect(correlationid ?? 'x').toMatch(/^[^\u0000-\u001f\u007f-\u009f\ufffe\uffff]+$/);
      expect(correlationid === undefined).toBe(isKept && text === '');
    }),
  );
});

test('an event of no execution is told under the name of its stream', async () => {
  const store = new MemoryEventStore();
  const { events } = await store.append('seal-log', 'none', [eventOf('LogSealed', {}, 0)]);
  expect(cloudEventOf(events[0]!, SOURCE).subject).toBe('seal-log');
});
