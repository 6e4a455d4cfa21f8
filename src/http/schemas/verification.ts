import { z } from 'zod';
import type { DamageKind } from '#audit';
import { DAMAGE_KINDS } from '#audit';
import type { LogReport } from '../log-verification.ts';
import { expected } from './expected.ts';

export const NDJSON = 'application/x-ndjson';

export const verifyQuery = z.strictObject({
  archives: z
    .enum(['true', 'false'], expected('true or false'))
    .transform((text) => text === 'true')
    .default(false)
    .meta({
      description:
        'Also read every archive file that the log names, and hold it against the log. Reads all of them; off unless asked for, because they may have been moved elsewhere.',
    }),
});
export type VerifyQuery = z.output<typeof verifyQuery>;

const position = z.string().meta({ description: 'Place in the whole log; opaque.' });

const damage = z.object({
  kind: z.enum(DAMAGE_KINDS as readonly [DamageKind, ...DamageKind[]]),
  position: position.optional().meta({ description: 'The first at which it shows, where it has one.' }),
  stream: z.string().optional(),
  revision: z.int().optional(),
  expected: z.string(),
  found: z.string(),
  explanation: z.string().meta({ description: 'For people: what it means.' }),
});

const REPORT: LogReport = {
  ok: true,
  events: 10_000,
  streams: 1_204,
  archived: 0,
  archives: { named: 0, held: 0 },
  seals: 6,
  head: {
    position: 's1:0198f6c26f0e:10000' as LogReport['head']['position'],
    seal: { number: 5, total: 9_520, sealHash: '5d'.repeat(32), keyId: '3a'.repeat(32) },
    unsealed: 480,
    published: 2,
  },
  anchor: { kind: 'published-head', keyId: '3a'.repeat(32) },
  witnesses: 12,
  acceptedRollbacks: 0,
  without: [],
};
const PROGRESS = { events: 4_000, seals: 2, position: 's1:0198f6c26f0e:4000' };
export const VERIFICATION_LINES = `${JSON.stringify({ progress: PROGRESS })}\n${JSON.stringify({ report: REPORT })}\n`;

export const verificationAnswer = z
  .object({
    ok: z.boolean(),
    events: z.int().meta({ description: 'Looked at, and good: all, or those before the first damage.' }),
    streams: z.int(),
    archives: z.object({ named: z.int(), held: z.int() }).meta({
      description:
        'Archive files that the log names, and how many were read and are as it says: 0 unless `archives` was asked for.',
    }),
    archived: z.int().meta({ description: 'Of the events those whose texts are in archive files.' }),
    seals: z.int().meta({ description: 'Seals whose events are all there as sealed.' }),
    head: z.object({
      position,
      seal: z
        .object({ number: z.int(), total: z.int(), sealHash: z.string(), keyId: z.string() })
        .optional()
        .meta({ description: 'The newest one; `total` is how many events it and those before it cover.' }),
      unsealed: z.int().meta({ description: 'Newest events that no seal covers yet.' }),
      published: z.int().meta({ description: 'Seals published elsewhere that are in the log as they were published.' }),
    }),
    anchor: z
      .object({ kind: z.enum(['given-key', 'published-head', 'own-key', 'nobody']), keyId: z.string().optional() })
      .meta({ description: 'Who vouches for the key of the newest seal.' }),
    witnesses: z.int().meta({ description: 'Resources whose newest event shown is in the log as they show it.' }),
    acceptedRollbacks: z
      .int()
      .meta({ description: 'Times somebody accepted that the log does not bear a published seal out.' }),
    without: z.array(z.string()).meta({
      description:
        'What the log was not held against because it could not be asked or is not there (a published seal, the keys of this service, the resources), and why. Only with none of these is `ok` the whole answer.',
    }),
    firstDamage: damage.optional(),
  })
  .meta({ id: 'VerificationReport', examples: [REPORT] });

export const verificationLines = z.string().meta({
  description:
    'One JSON object a line: `{"progress":{"events","seals","position"}}` now and then, at last `{"report":…}`.',
});
