import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A recorded answer, from the compiled place of this module (dist/libs/kubernetes/test/support). */
export function fixture(name: string): string {
  const path = fileURLToPath(new URL(`../../../../../libs/kubernetes/test/fixtures/${name}`, import.meta.url));
  return readFileSync(path, 'utf8');
}
