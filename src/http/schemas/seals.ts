import { z } from 'zod';
import { limitUpTo } from './whole-number.ts';
import { words } from './spec.ts';

/** Shapes of seals and their keys. */
const time = z.iso.datetime({ offset: true });
const hash = z.string().meta({ description: '64 lower-case hex digits.' });
const REASON_CHARACTERS = 1024;

export const SEALS_PAGE = 50;
const MAX_SEALS = 500;

export const sealsQuery = z.strictObject({
  limit: limitUpTo(MAX_SEALS).default(SEALS_PAGE),
  cursor: words(100).exactOptional().meta({ description: '`next` of the page before.' }),
});
export type SealsQuery = z.output<typeof sealsQuery>;

/** Nothing to say: no body, or an empty object. */
export const sealBody = z.strictObject({}).optional();

export const rotateBody = z
  .strictObject({ reason: words(REASON_CHARACTERS).meta({ description: 'Kept in the log.' }) })
  .meta({ id: 'RotateSealKeyRequest', examples: [{ reason: 'the disk with the old key left the house' }] });
export type RotateBody = z.output<typeof rotateBody>;

const KEY_ID = '34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e';
const SEAL_EXAMPLE = {
  number: 41,
  from: 4_012,
  events: 37,
  total: 4_049,
  position: 's1:0198f6c26f0e:4049',
  root: '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  previousSeal: 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  sealHash: '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  keyId: KEY_ID,
  signature: `${'A'.repeat(86)}==`,
  sealedAt: '2026-11-20T10:16:00.118Z',
  actor: 'system:workflow-execution-service',
};

const seal = z.object({
  number: z.int().meta({ description: 'Counted from 0 without a gap.' }),
  from: z.int().meta({ description: 'Place in the whole log of the first event covered, counted from 0.' }),
  events: z.int().meta({ description: 'How many it covers.' }),
  total: z.int().meta({ description: 'Events of the log up to and with the last one covered.' }),
  position: z.string().meta({ description: 'Of the last event covered; opaque.' }),
  root: hash.meta({ description: 'Merkle root (RFC 6962) over the hashes of the events covered.' }),
  previousSeal: hash.meta({ description: '`sealHash` of the seal before; 64 zeros in the first.' }),
  sealHash: hash.meta({ description: 'Hash of the event that is the seal.' }),
  keyId: hash,
  signature: z.string().meta({ description: 'Ed25519, base64.' }),
  sealedAt: time,
  actor: z.string().meta({ description: 'Who had it made: somebody, or the service by itself.' }),
});

export const sealAnswer = seal.meta({ id: 'Seal', examples: [SEAL_EXAMPLE] });

export const sealsAnswer = z
  .object({
    items: z.array(sealAnswer),
    next: z.string().optional().meta({ description: 'Give it as `cursor` to go on; absent on the last page.' }),
  })
  .meta({ id: 'SealPage', examples: [{ items: [SEAL_EXAMPLE], next: 'c2VhbC00MQ' }] });

const KEY_EXAMPLE = {
  keyId: KEY_ID,
  algorithm: 'ed25519',
  publicKey: 'iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=',
  introducedAt: '2026-11-20T09:00:00.004Z',
  reason: 'first start',
  actor: 'system:workflow-execution-service',
  inForce: true,
};

export const sealKeyAnswer = z
  .object({
    keyId: hash.meta({ description: 'sha256 of the public key.' }),
    algorithm: z.literal('ed25519'),
    publicKey: z.string().meta({ description: 'The 32 raw bytes, base64.' }),
    introducedAt: time,
    reason: z.string(),
    actor: z.string(),
    previousKeyId: z.string().optional().meta({
      description: 'The key that vouches for it; absent for the first, and for one that replaced a lost one.',
    }),
    inForce: z.boolean().meta({ description: 'Whether the next seal is signed by it.' }),
  })
  .meta({ id: 'SealKey', examples: [KEY_EXAMPLE] });

export const sealKeysAnswer = z
  .object({ items: z.array(sealKeyAnswer) })
  .meta({ id: 'SealKeys', examples: [{ items: [KEY_EXAMPLE] }] });
