import { hash as digest } from 'node:crypto';

const LEAF = 0x00;
const NODE = 0x01;
const HASH_BYTES = 32;
const HASH = /^[0-9a-f]{64}$/;
/** Longest path of a proof: no tree of countable leaves is deeper. */
const DEEPEST = 53;

/** The 32 bytes of a hash, one in each character: such strings are made and taken in far faster than buffers. */
type Bytes = string;

interface Subtree {
  readonly leaves: number;
  readonly hash: Bytes;
}

/**
 * Merkle tree of RFC 6962 with SHA-256, over hashes given one by one as 64 lower-case hex digits. Keeps one hash for each
 * level of the tree, whatever the number of leaves.
 */
export class MerkleTree {
  /** Perfect subtrees from left to right, each smaller than the one before. */
  private readonly subtrees: Subtree[] = [];
  private leaves = 0;

  get count(): number {
    return this.leaves;
  }

  /** @throws RangeError for what is no hash: a bug, since hashes come from the log's own code */
  add(hash: string): void {
    this.grow({ leaves: 1, hash: leafHash(hash) });
  }

  /** Adds some of the leaves that stand one after the other in `leaves`, each as `leafHash` makes it. */
  addLeaves(leaves: string, from: number, count: number): void {
    for (let at = from; at < from + count;) {
      // Two that make a subtree of their own stand side by side already.
      const size = this.leaves % 2 === 0 && at + 1 < from + count ? 2 : 1;
      const hashed = leaves.slice(at * HASH_BYTES, (at + size) * HASH_BYTES);
      this.grow({ leaves: size, hash: size === 1 ? hashed : pairHash(hashed) });
      at += size;
    }
  }

  /** Grows on its own from here. */
  copy(): MerkleTree {
    const copy = new MerkleTree();
    copy.subtrees.push(...this.subtrees);
    copy.leaves = this.leaves;
    return copy;
  }

  /** The root over what was added so far; the hash of nothing when that is nothing. */
  root(): string {
    return hexOf(this.rootBytes());
  }

  private grow(by: Subtree): void {
    this.leaves += by.leaves;
    let added = by;
    for (let last = this.subtrees.at(-1); last?.leaves === added.leaves; last = this.subtrees.at(-1)) {
      this.subtrees.pop();
      added = { leaves: last.leaves * 2, hash: nodeHash(last.hash, added.hash) };
    }
    this.subtrees.push(added);
  }

  private rootBytes(): Bytes {
    if (this.subtrees.length === 0) return digest('sha256', '', 'binary');
    return this.subtrees.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(left, right));
  }
}

/** The root over a list of hashes. */
export function merkleRoot(hashes: readonly string[]): string {
  return treeOf(hashes, 0, hashes.length).root();
}

/** Shows that one hash is in its place in a tree, without the others. */
export interface InclusionProof {
  /** Place of the hash in the list, from 0. */
  readonly index: number;
  /** Length of the list. */
  readonly count: number;
  /** Hashes of the siblings, from the leaf up to the root, hex. */
  readonly path: readonly string[];
}

/** @throws RangeError when there is no such index */
export function inclusionProof(hashes: readonly string[], index: number): InclusionProof {
  const count = hashes.length;
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new RangeError(`index of a proof: expected 0 to ${count - 1}, found ${index}`);
  return { index, count, path: siblings(hashes, index) };
}

/** True when the proof leads from this hash, at this place in a list of this length, to the root. Never throws. */
export function provesInclusion(proof: InclusionProof, hash: string, root: string): boolean {
  const { index, count } = proof;
  const path: unknown = proof.path;
  if (!isPlace(index, count) || !Array.isArray(path) || path.length > DEEPEST) return false;
  if (![hash, root, ...(path as unknown[])].every((each) => typeof each === 'string' && HASH.test(each))) return false;
  const steps = stepsUp(index, count);
  if (steps.length !== path.length) return false;
  const climbed = proof.path.reduce<Bytes>((below, sibling, level) => {
    const beside = Buffer.from(sibling, 'hex').toString('binary');
    return steps[level] === 'left' ? nodeHash(beside, below) : nodeHash(below, beside);
  }, leafHash(hash));
  return hexOf(climbed) === root;
}

const isPlace = (index: unknown, count: unknown): boolean =>
  Number.isSafeInteger(index) && Number.isSafeInteger(count) && Number(index) >= 0 && Number(index) < Number(count);

/** The siblings of a leaf, from the bottom up: each level splits what is left after the largest power of two. */
function siblings(hashes: readonly string[], index: number): readonly string[] {
  const path: string[] = [];
  let from = 0;
  let to = hashes.length;
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    const isRight = index >= middle;
    path.push(isRight ? treeOf(hashes, from, middle).root() : treeOf(hashes, middle, to).root());
    if (isRight) from = middle;
    else to = middle;
  }
  return path.reverse();
}

/** On which side the sibling is at each level, from the bottom up. The place and the length alone say so. */
function stepsUp(index: number, count: number): readonly ('left' | 'right')[] {
  const sides: ('left' | 'right')[] = [];
  let place = index;
  let size = count;
  while (size > 1) {
    const split = splitOf(size);
    const isRight = place >= split;
    sides.push(isRight ? 'left' : 'right');
    place = isRight ? place - split : place;
    size = isRight ? size - split : split;
  }
  return sides.reverse();
}

/** The largest power of two smaller than `size`. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

function treeOf(hashes: readonly string[], from: number, to: number): MerkleTree {
  const tree = new MerkleTree();
  for (let index = from; index < to; index += 1) tree.add(hashes[index] as string);
  return tree;
}

const leafBytes = Buffer.alloc(1 + HASH_BYTES, LEAF);
const nodeBytes = Buffer.alloc(1 + 2 * HASH_BYTES, NODE);

/**
 * A hash of the log as a leaf of the tree: 32 bytes, one in each character. One buffer is enough: nothing waits between
 * filling and hashing it. @throws RangeError for what is no hash
 */
export function leafHash(hash: string): Bytes {
  // Writing stops at the first character that is no hex digit, which is told far sooner than by an expression.
  if (hash.length !== 2 * HASH_BYTES || leafBytes.write(hash, 1, 'hex') !== HASH_BYTES || hash !== hash.toLowerCase())
    throw new RangeError('leaf of a Merkle tree: expected 64 lower-case hex digits, found something else');
  return digest('sha256', leafBytes, 'binary');
}

/** Of two siblings in one piece. */
function pairHash(siblings: Bytes): Bytes {
  nodeBytes.write(siblings, 1, 'binary');
  return digest('sha256', nodeBytes, 'binary');
}

function nodeHash(left: Bytes, right: Bytes): Bytes {
  nodeBytes.write(left, 1, 'binary');
  nodeBytes.write(right, 1 + HASH_BYTES, 'binary');
  return digest('sha256', nodeBytes, 'binary');
}

const hexOf = (bytes: Bytes): string => Buffer.from(bytes, 'binary').toString('hex');
