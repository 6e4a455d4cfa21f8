import { isScalar, Document, visit } from 'yaml';
import { escapeInQuotes, isUnsafe } from './clean.ts';

/** What the API answered, as JSON. Characters that act on a terminal are written as `\u…`: the value is the same. */
export function toJson(value: unknown): string {
  return `${escapeInQuotes(JSON.stringify(value, null, 2))}\n`;
}

/** One line of JSON, for streams. */
export function toJsonLine(value: unknown): string {
  return `${escapeInQuotes(JSON.stringify(value))}\n`;
}

/** What the API answered, as YAML. */
export function toYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, (_, node) => {
    // Only a quoted text can say what must not be there as it is.
    if (isScalar(node) && typeof node.value === 'string' && isUnsafe(node.value)) node.type = 'QUOTE_DOUBLE';
  });
  return escapeInQuotes(document.toString({ lineWidth: 0 }));
}
