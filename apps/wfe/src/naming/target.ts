import { Failure } from '../exit-codes.ts';
import { clean } from '../render/clean.ts';

const TARGET = /^[^/]+\/[^/]+(?:\/[^/]+)?$/;

/** What somebody typed for a target: one of another form holds no lock, and would be called free. @throws Failure `usage` */
export function targetOf(text: string): string {
  if (TARGET.test(text)) return text;
  throw new Failure(
    'usage',
    `expected a target as namespace/kind/name or kind/name; found ${JSON.stringify(clean(text.slice(0, 80)))}`,
    { advice: 'See wfe targets.' },
  );
}
