import { table } from '../markdown.ts';
import type { ConfigKey } from './keys.ts';

/** The table of docs/operations/configuration.md. A test compares the two. */
export function configurationTable(keys: readonly ConfigKey[]): string {
  const rows = keys.map((key) => [
    `\`${key.path.join('.')}\``,
    `\`${key.variable}\``,
    defaultText(key.default),
    `${key.description}${key.secret ? ' Secret.' : ''}`,
    key.expected,
  ]);
  return table(['Key', 'Environment', 'Default', 'Meaning', 'Expected'], rows);
}

function defaultText(value: unknown): string {
  if (value === undefined) return '';
  const text = Array.isArray(value) ? `[${value.join(', ')}]` : JSON.stringify(value).replaceAll('"', '');
  return `\`${text}\``;
}
