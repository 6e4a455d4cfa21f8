/** Where archive files are read from. */
export interface ArchiveReader {
  /**
   * The bytes of a file, which is looked for by its name; undefined when there is no such file.
   * @throws Error when it is there and cannot be read
   */
  read(file: string): Promise<AsyncIterable<Uint8Array> | undefined>;
}
