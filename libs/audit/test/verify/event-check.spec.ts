import { createHash } from 'node:crypto';
import type { WholeTexts } from './texts.ts';
import { textsOf } from './texts.ts';
import { hashedTextOf, hashOfTexts } from '#event-store';
import { textDamage } from '../../src/verify/event-check.ts';

const event = textsOf({ revision: 5 });
const kindOf = (changed: WholeTexts): string | undefined => textDamage(changed)?.kind;
/** The same, with a hash made by somebody who knows how. */
const rehashed = (changed: WholeTexts): WholeTexts => ({
  ...changed,
  hash: hashOfTexts(changed.previousHash, changed),
});

test('an event that is what its hash says holds', () => {
  expect(textDamage(event)).toBeUndefined();
});

test.each([
  ['data', { dataText: '{"n":2}' }],
  ['metadata', { metadataText: '{}' }],
  ['type', { type: 'OtherHappened' }],
  ['id', { id: 'other' }],
  ['stream', { stream: 'workflowexecution-other' }],
  ['schema version', { schemaVersion: 2 }],
  ['previous hash', { previousHash: 'b'.repeat(64) }],
  ['hash', { hash: 'c'.repeat(64) }],
])('one whose %s was changed is Changed', (_, change) => {
  expect(kindOf({ ...event, ...change })).toBe('Changed');
});

test('one that got a lower number lost events before it, one that got a higher number got some', () => {
  expect(kindOf({ ...event, revision: 3 })).toBe('Missing');
  expect(kindOf({ ...event, revision: 8 })).toBe('Inserted');
});

test('a hash by another algorithm proves nothing, though it has as many digits', () => {
  const text = hashedTextOf(event.previousHash, event);
  const named = (hash: string): string | undefined => textDamage({ ...event, hash })?.found;
  expect(named(createHash('sha3-256').update(text).digest('hex'))).toMatch(/^.*sha3-256/i);
  expect(named(createHash('sha256').update(text.slice(64)).digest('hex'))).toMatch(/^SHA-256 without the event before/);
  expect(named(createHash('md5').update(text).digest('hex'))).toMatch(/^no SHA-256/);
  expect(kindOf({ ...event, hash: event.hash.toUpperCase() })).toBe('AlgorithmDowngraded');
});

/** The text that is hashed, told apart at another place where it says `,"id":"`. */
test.each([
  [
    'out of data',
    { dataText: '{"a":1,"id":"k","metadata":{"z":1}}' },
    { dataText: '{"a":1', id: 'k', metadataText: '{"z":1}},"id":"one","metadata":{"by":"tester"}' },
  ],
  [
    'into data',
    { metadataText: '{"a":1,"id":"k","metadata":{}}' },
    { dataText: '{"n":1},"id":"one","metadata":{"a":1', id: 'k', metadataText: '{}}' },
  ],
])('text moved %s, so that the hash stays the same, is Changed', (_, before, moved) => {
  const whole = rehashed({ ...event, ...before });
  expect(textDamage(whole)).toBeUndefined();
  expect(hashOfTexts(whole.previousHash, { ...whole, ...moved })).toBe(whole.hash);
  expect(kindOf({ ...whole, ...moved })).toBe('Changed');
});
