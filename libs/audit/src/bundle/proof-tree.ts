import { hash as digest } from 'node:crypto';

const LEAF = Buffer.from([0x00]);
const NODE = Buffer.from([0x01]);

/**
 * The Merkle tree of RFC 6962 over the events of one seal, all of it, so that many proofs cost one tree. Splitting after
 * the largest power of two is the same as joining neighbours level by level, and lifting the odd one at the end.
 */
export class ProofTree {
  private readonly levels: readonly (readonly Buffer[])[];

  /** @param hashes event hashes in log order, hex; at least one */
  constructor(hashes: readonly string[]) {
    let level: readonly Buffer[] = hashes.map((hash) =>
      digest('sha256', Buffer.concat([LEAF, Buffer.from(hash, 'hex')]), 'buffer'),
    );
    const levels = [level];
    while (level.length > 1) levels.push((level = joined(level)));
    this.levels = levels;
  }

  get root(): string {
    return this.levels.at(-1)![0]!.toString('hex');
  }

  /** Hashes of the siblings, from the leaf up. */
  path(index: number): string[] {
    const siblings = this.levels.map((level, height) => level[(index >> height) ^ 1]);
    return siblings.flatMap((sibling) => (sibling === undefined ? [] : [sibling.toString('hex')]));
  }
}

function joined(level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = [];
  for (let index = 0; index < level.length; index += 2) {
    const [left, right] = [level[index]!, level[index + 1]];
    above.push(right === undefined ? left : digest('sha256', Buffer.concat([NODE, left, right]), 'buffer'));
  }
  return above;
}
