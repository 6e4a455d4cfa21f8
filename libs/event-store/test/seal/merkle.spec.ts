import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { InclusionProof } from '#event-store';
import { inclusionProof, leafHash, merkleRoot, MerkleTree, provesInclusion } from '#event-store';
import { definedPath, definedRoot } from './reference-tree.ts';

/** Leaves and roots of trees of 1 to 8 leaves, from the tests of Certificate Transparency. */
const KNOWN_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
] as const;
const KNOWN_ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
] as const;
const LARGEST = 260;

const hashAt = (index: number): string => createHash('sha256').update(`event ${index}`).digest('hex');
const hashes = (count: number): string[] => Array.from({ length: count }, (_, index) => hashAt(index));
const bytes = (list: readonly string[]): Buffer[] => list.map((each) => Buffer.from(each, 'hex'));

test('the definition the others are compared with gives the known roots of Certificate Transparency', () => {
  const leaves = bytes(KNOWN_LEAVES);
  const roots = KNOWN_ROOTS.map((_, index) => definedRoot(leaves.slice(0, index + 1)).toString('hex'));
  expect(roots).toEqual(KNOWN_ROOTS);
  expect(definedRoot([]).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('a root built leaf by leaf is the defined one at every size', () => {
  const all = hashes(LARGEST);
  const tree = new MerkleTree();
  for (let count = 0; count <= LARGEST; count += 1) {
    expect([count, tree.count, tree.root()]).toEqual([
      count,
      count,
      definedRoot(bytes(all.slice(0, count))).toString('hex'),
    ]);
    tree.add(all[count] ?? hashAt(count));
  }
  expect(merkleRoot(all)).toBe(definedRoot(bytes(all)).toString('hex'));
});

test('leaves hashed elsewhere grow the same tree, however many come at a time', () => {
  const all = hashes(LARGEST);
  const leaves = all.map(leafHash).join('');
  for (const step of [1, 2, 3, 5, 8, 64, LARGEST]) {
    const tree = new MerkleTree();
    for (let from = 0; from < LARGEST; from += step) {
      tree.addLeaves(leaves, from, Math.min(step, LARGEST - from));
      expect([step, tree.count, tree.root()]).toEqual([step, tree.count, merkleRoot(all.slice(0, from + step))]);
    }
    expect(tree.count).toBe(LARGEST);
  }
});

test('a copy of a tree grows on its own', () => {
  const tree = new MerkleTree();
  for (const hash of hashes(5)) tree.add(hash);
  const copy = tree.copy();
  copy.add(hashAt(5));
  expect([tree.count, tree.root()]).toEqual([5, merkleRoot(hashes(5))]);
  expect([copy.count, copy.root()]).toEqual([6, merkleRoot(hashes(6))]);
});

test('what is no hash is no leaf', () => {
  const tree = new MerkleTree();
  for (const wrong of ['', 'ab', hashAt(1).toUpperCase(), `${hashAt(1)}0`, `${hashAt(1).slice(0, 63)}g`])
    expect(() => tree.add(wrong)).toThrow('64');
  expect(tree.count).toBe(0);
});

describe('a proof of inclusion', () => {
  test('is the defined path and holds, for every place in every tree up to some hundred leaves', () => {
    for (const count of [...Array.from({ length: 66 }, (_, size) => size + 1), 127, 128, 129, 255, 256, 257]) {
      const list = hashes(count);
      const root = merkleRoot(list);
      for (let index = 0; index < count; index += 1) {
        const proof = inclusionProof(list, index);
        if (count < 70) {
          const defined = definedPath(index, bytes(list)).map((each) => each.toString('hex'));
          expect(proof).toEqual({ index, count, path: defined });
        }
        if (!provesInclusion(proof, list[index]!, root)) throw new Error(`no proof of ${index} of ${count}`);
      }
    }
  });

  const proofs = fc
    .integer({ min: 1, max: LARGEST })
    .chain((count) => fc.tuple(fc.constant(count), fc.integer({ min: 0, max: count - 1 })))
    .map(([count, index]) => {
      const list = hashes(count);
      return { proof: inclusionProof(list, index), hash: list[index]!, root: merkleRoot(list) };
    });

  test('holds no more when any bit of it, of the hash or of the root is flipped', () => {
    fc.assert(
      fc.property(proofs, fc.nat(), fc.integer({ min: 0, max: 255 }), ({ proof, hash, root }, which, bit) => {
        const parts = [hash, root, ...proof.path];
        const changed = parts.with(which % parts.length, flipped(parts[which % parts.length]!, bit));
        const [newHash, newRoot, ...path] = changed;
        expect(provesInclusion({ ...proof, path }, newHash!, newRoot!)).toBe(false);
      }),
    );
  });

  test('holds for no other place, no other length of path, and no tree of another depth', () => {
    fc.assert(
      fc.property(proofs, fc.nat(LARGEST), ({ proof, hash, root }, index) => {
        fc.pre(index !== proof.index);
        expect(provesInclusion({ ...proof, index }, hash, root)).toBe(false);
        expect(provesInclusion({ ...proof, path: [...proof.path, hash] }, hash, root)).toBe(false);
        if (proof.path.length > 0)
          expect(provesInclusion({ ...proof, path: proof.path.slice(1) }, hash, root)).toBe(false);
        expect(provesInclusion({ ...proof, count: proof.count * 4 }, hash, root)).toBe(false);
      }),
    );
  });

  test('of the last place is none for a place after it', () => {
    for (const count of [1, 2, 3, 5, 8]) {
      const list = hashes(count);
      const proof = { ...inclusionProof(list, count - 1), index: count };
      expect([count, provesInclusion(proof, list.at(-1)!, merkleRoot(list))]).toEqual([count, false]);
    }
  });

  test('of a shape nobody gave is none, and throws nothing', () => {
    const list = hashes(3);
    const good = inclusionProof(list, 1);
    const wrong = [
      { ...good, index: -1 },
      { ...good, index: 1.5 },
      { ...good, index: 3 },
      { ...good, count: Number.POSITIVE_INFINITY },
      { ...good, path: good.path.map((each) => each.toUpperCase()) },
      { ...good, path: [7, 8] },
      { ...good, path: 'ab' },
      { ...good, path: Array.from({ length: 1000 }, () => hashAt(0)) },
    ] as unknown as InclusionProof[];
    for (const proof of wrong) expect(provesInclusion(proof, list[1]!, merkleRoot(list))).toBe(false);
    expect(provesInclusion(good, list[1]!, merkleRoot(list))).toBe(true);
  });

  test('is asked for a place that exists', () => {
    for (const index of [-1, 3, 0.5]) expect(() => inclusionProof(hashes(3), index)).toThrow('expected 0 to 2');
  });
});

function flipped(hex: string, bit: number): string {
  const buffer = Buffer.from(hex, 'hex');
  buffer[bit >> 3]! ^= 1 << (bit & 7);
  return buffer.toString('hex');
}
