import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A value as it stands in one execution: its hash is that of no other. */
export interface PlacedValue {
  readonly executionId: string;
  /** Of the parameter. */
  readonly name: string;
  readonly value: string;
}

/** What is recorded in place of a value, as docs/reference/redacted-values.md describes it. */
const ALGORITHM = 'hmac-sha256';
const DOMAIN = 'workflow-execution parameter 1';
const KEY_ID_DOMAIN = 'workflow-execution redaction key 1';
const KEY_ID_DIGITS = 16;
const KEY_BYTES = 32;

/** Keyed hashes of values that may not be recorded: whoever has only the log cannot try out passwords on them. */
export class KeyedHashes {
  private readonly keys: ReadonlyMap<string, Uint8Array>;
  private readonly current: string;

  /** @throws RangeError for a key that is too short: a bug */
  constructor(
    current: Uint8Array,
    /** Keys that hashes in the log may have been made with. */
    earlier: readonly Uint8Array[] = [],
  ) {
    const short = [current, ...earlier].find((key) => key.length < KEY_BYTES);
    if (short !== undefined)
      throw new RangeError(`expected redaction keys of at least ${KEY_BYTES} bytes; found ${short.length}`);
    this.keys = new Map([...earlier, current].map((key) => [keyId(key), key]));
    this.current = keyId(current);
  }

  /** `hmac-sha256:<id of the key>:<64 hex digits>` */
  hash(placed: PlacedValue): string {
    return this.hashWith(this.current, placed) as string;
  }

  /** Whether a recorded hash is of this value; `unknown` when the key that made it is not here. */
  compare(placed: PlacedValue, recorded: string): 'same' | 'other' | 'unknown' {
    const expected = this.hashWith(recorded.split(':')[1] ?? '', placed);
    if (expected === undefined) return 'unknown';
    const [a, b] = [Buffer.from(expected), Buffer.from(recorded)];
    return a.length === b.length && timingSafeEqual(a, b) ? 'same' : 'other';
  }

  private hashWith(id: string, { executionId, name, value }: PlacedValue): string | undefined {
    const key = this.keys.get(id);
    if (key === undefined) return undefined;
    const mac = createHmac('sha256', key);
    for (const part of [DOMAIN, executionId, name, value]) mac.update(withLength(part));
    return `${ALGORITHM}:${id}:${mac.digest('hex')}`;
  }
}

/** So that no two lists of texts are the same bytes. */
function withLength(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(bytes.length));
  return Buffer.concat([length, bytes]);
}

const keyId = (key: Uint8Array): string =>
  createHash('sha256').update(withLength(KEY_ID_DOMAIN)).update(key).digest('hex').slice(0, KEY_ID_DIGITS);
