import { getHashes, hash as digest } from 'node:crypto';
import type { WholeTexts } from '#event-store';
import { DATA_END, hashedTextOf, hashOfTexts } from '#event-store';
import type { Damage } from './damage.ts';
import { damage } from './damage.ts';

const HASH = /^[0-9a-f]{64}$/;
/** Revisions tried to tell an event that was moved in its stream from one that was changed. */
const REVISIONS_TRIED = 1_000;

/** What an event says of itself: that it is what was hashed. Undefined when it holds. */
export function textDamage(event: WholeTexts): Damage | undefined {
  if (hashOfTexts(event.previousHash, event) !== event.hash) return diagnosed(event);
  const isAmbiguous = event.dataText.includes(DATA_END) || event.metadataText.includes(DATA_END);
  return isAmbiguous ? boundaryDamage(event) : undefined;
}

/**
 * The hash covers the parts of an event written one after the other. Where data contain what stands between them, the same
 * bytes could be told apart in another way: then each part has to be JSON of its own.
 */
function boundaryDamage(event: WholeTexts): Damage | undefined {
  if (isObject(event.dataText) && isObject(event.metadataText)) return undefined;
  return damage('Changed', event, {
    expected: 'data and metadata to be a JSON object each',
    found: 'text that is none, with a hash that fits',
    explanation: 'Text was moved between the parts of this event, so that their hash stayed the same.',
  });
}

function isObject(text: string): boolean {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Why the hash does not fit. */
function diagnosed(event: WholeTexts): Damage {
  const expected = hashOfTexts(event.previousHash, event);
  const algorithm = HASH.test(event.hash) ? otherAlgorithm(event) : 'no SHA-256';
  if (algorithm !== undefined)
    return damage('AlgorithmDowngraded', event, {
      expected: `SHA-256 as 64 lower-case hex digits: ${expected}`,
      found: `${algorithm}: ${event.hash}`,
      explanation: 'The hash of this event was not made by the algorithm of the log, so it proves nothing.',
    });
  const revision = revisionThatFits(event);
  if (revision !== undefined) return renumbered(event, revision);
  return damage('Changed', event, {
    expected: `an event whose hash is ${event.hash}`,
    found: `one whose hash is ${expected}`,
    explanation:
      'This event is not what it was when it was recorded: its text, its place in its stream, or its hash was changed.',
  });
}

function renumbered(event: WholeTexts, revision: number): Damage {
  const isLater = revision > event.revision;
  return damage(isLater ? 'Missing' : 'Inserted', event, {
    expected: `revision ${revision}, as it was recorded`,
    found: `revision ${event.revision}`,
    explanation: isLater
      ? 'This event was recorded with a higher revision: events before it were taken out of its stream, and it was numbered anew.'
      : 'This event was recorded with a lower revision: events were put into its stream before it, and it was numbered anew.',
  });
}

function revisionThatFits(event: WholeTexts): number | undefined {
  const from = Math.max(0, event.revision - REVISIONS_TRIED);
  for (let revision = from; revision <= event.revision + REVISIONS_TRIED; revision += 1)
    if (hashOfTexts(event.previousHash, { ...event, revision }) === event.hash) return revision;
  return undefined;
}

/** The name of the algorithm by which the hash does fit, of those that give as many digits. */
function otherAlgorithm(event: WholeTexts): string | undefined {
  const text = hashedTextOf(event.previousHash, event);
  const unchained = text.slice(event.previousHash.length);
  if (digest('sha256', unchained, 'hex') === event.hash) return 'SHA-256 without the event before';
  return getHashes().find((name) => fits(name, text, event.hash));
}

function fits(name: string, text: string, hash: string): boolean {
  try {
    return name.toLowerCase() !== 'sha256' && digest(name, text, 'hex') === hash;
  } catch {
    return false; // listed, and not to be had in this build
  }
}
