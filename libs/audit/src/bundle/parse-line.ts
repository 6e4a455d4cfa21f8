import { InvalidEventError, LimitError, canonicalJson } from '#event-store';
import type { BundledEvent, BundleLine } from './format.ts';
import { BundleDamageError } from './damage.ts';
import { BUNDLE_FORMAT } from './format.ts';
import { lineText } from './line-texts.ts';
import { LINE_RULES } from './line-rules.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A line as the format says it must be. @throws BundleDamageError `Malformed`, `FormatUnknown` */
export function parseLine(bytes: Uint8Array): BundleLine {
  const text = decoded(bytes);
  const value = parsed(text);
  const kind = value['kind'];
  if (typeof kind !== 'string' || !Object.hasOwn(LINE_RULES, kind)) throw malformed('a line of a known kind', kind);
  if (kind === 'bundle') mustKnow(value['format']);
  const isKnown = LINE_RULES[kind as keyof typeof LINE_RULES].some((rule) => rule(value));
  if (!isKnown) throw malformed(`a ${kind} line with the members of the format`, 'other ones');
  return canonical(value, text);
}

function decoded(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw malformed('UTF-8', 'bytes that are none');
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('JSON', 'a text that is none');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('a JSON object', value);
  return value as Readonly<Record<string, unknown>>;
}

function mustKnow(format: unknown): void {
  if (Number.isFinite(format) && format !== BUNDLE_FORMAT)
    throw new BundleDamageError('FormatUnknown', `format ${BUNDLE_FORMAT}`, String(format));
}

/** Its rules hold, so it is a line; and it is written in the one way there is. */
function canonical(value: Readonly<Record<string, unknown>>, text: string): BundleLine {
  try {
    const line = ('event' in value ? { ...value, event: withTexts(value['event']) } : value) as unknown as BundleLine;
    if (lineText(line) === text) return line;
  } catch (error) {
    if (!(error instanceof LimitError || error instanceof InvalidEventError)) throw error;
    throw malformed('content that can be recorded', error.message);
  }
  throw malformed('canonical JSON', 'the same written in another way');
}

function withTexts(event: unknown): BundledEvent {
  const unwritten = event as Omit<BundledEvent, 'dataText' | 'metadataText'>;
  const dataText = canonicalJson(unwritten.data, 'data');
  return { ...unwritten, dataText, metadataText: canonicalJson(unwritten.metadata, 'metadata') };
}

const malformed = (expected: string, found: unknown): BundleDamageError =>
  new BundleDamageError('Malformed', expected, typeof found === 'string' ? found : typeof found);
