import { statSync } from 'node:fs';

/**
 * The files of an open log, as they stand in their folder. When somebody removes or replaces one of them, what is written
 * goes to a file that has no name any more, and is gone when the program ends.
 */
export class FilePlace {
  readonly #identities: ReadonlyMap<string, string>;

  /** @param file open, and written to before: so its write-ahead log is there too */
  constructor(private readonly file: string) {
    const paths = [file, `${file}-wal`];
    this.#identities = new Map(paths.flatMap((path) => identityOf(path)?.map((each) => [path, each] as const) ?? []));
  }

  /** What has happened, and what to do; undefined while all is where it was. */
  problem(): string | undefined {
    for (const [path, identity] of this.#identities) {
      const found = identityOf(path);
      if (found !== undefined && found[0] !== identity)
        return `event store ${this.file}: ${path} was removed or replaced while it is open; nothing more is recorded: bring it back if it was moved, otherwise stop the program and restore the log`;
    }
    return undefined;
  }
}

/** Undefined when that cannot be told now: reading and writing will show what ails the disk. */
function identityOf(path: string): readonly string[] | undefined {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? [] : [`${found.dev}:${found.ino}`];
  } catch {
    return undefined;
  }
}
