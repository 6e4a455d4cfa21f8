import { readdirSync, readFileSync } from 'node:fs';
import type { RecordedEvent } from '#event-store';
import { START } from '#event-store';
import { webhookStateOf } from '../../src/webhooks/webhook-events.ts';
import { DELIVERED, WebhookScene } from './scene.ts';

const FOLDER = new URL('../../../../../libs/runtime/test/golden/webhooks/', import.meta.url);

interface Golden {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: RecordedEvent['data'];
  readonly state: object;
}

const NAMES = readdirSync(FOLDER);
const golden = (name: string): Golden => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Golden;

test.each(NAMES)('%s, as it was written once, is understood', (name) => {
  const { type, schemaVersion, data, state } = golden(name);
  const event = { type, schemaVersion, data, revision: 3, stream: 'webhook-pager' } as unknown as RecordedEvent;
  expect(webhookStateOf(event)).toEqual({ ...state, revision: 3 });
});

test('an event of a newer version is not guessed at', () => {
  const { type, data } = golden(NAMES[0]!);
  const event = { type, schemaVersion: 2, data, revision: 3, stream: 'webhook-pager' } as unknown as RecordedEvent;
  expect(() => webhookStateOf(event)).toThrow(
    /webhook-pager@3: expected a webhook's event of version 1, found .* use that one/,
  );
});

test('what is recorded today has the fields of the golden ones, and there is one of every type', async () => {
  const scene = new WebhookScene();
  const receiver = scene.receiver();
  await scene.record(2, 1);
  scene.start(scene.webhook('pager', receiver));
  await scene.until('two', () => receiver.received.length === 2);
  await scene.stop();
  scene.start(scene.webhook('pager', receiver));
  receiver.answering = (_, attempt) => ({ answer: attempt > 2 ? DELIVERED : { kind: 'Gone', error: 'HTTP 410' } });
  await scene.webhooks.replay('pager', START, 'again', { actor: { user: 'olivia' }, source: 'rest' });
  await scene.until('the end', () => scene.recorded('pager').some(({ type }) => type === 'WebhookDisabled'));
  await scene.stop();
  const today = new Map(
    scene
      .recorded('pager')
      .map((event) => [`${event.type}.v${event.schemaVersion}.json`, Object.keys(event.data).sort()]),
  );
  expect([...today].sort()).toEqual(NAMES.map((name) => [name, Object.keys(golden(name).data).sort()]).sort());
});
