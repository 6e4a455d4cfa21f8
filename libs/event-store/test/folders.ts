import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** This folder in the sources: specs run compiled, and files that are no code stay where they were written. */
export const sourceFolder = join(import.meta.dirname, '../../../../libs/event-store/test');

/** A folder of its own for one test, gone afterwards. */
export class TemporaryFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'event-store-'));

  file(name = 'log.db'): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
