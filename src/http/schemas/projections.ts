import { z } from 'zod';
import { expected } from './expected.ts';

const time = z.iso.datetime({ offset: true });
const progress = {
  events: z.int().meta({ description: 'Taken in by the new one.' }),
  of: z.int().meta({ description: 'To be taken in; grows while events arrive.' }),
};

/** In pages that come from the read model. */
export const rebuilding = z.object(progress).optional().meta({
  description: 'There while the read model is rebuilt: this page comes from the old one, which is kept up to date.',
});

const PROJECTION_EXAMPLE = {
  name: 'read-model',
  position: 's1:0198f6c26f0e:41230',
  lagEvents: 0,
  state: 'rebuilding',
  rebuild: { events: 12_000, of: 41_230, startedAt: '2026-11-20T10:15:04.118Z' },
};

const projection = z
  .object({
    name: z.string(),
    position: z.string().meta({ description: 'Up to where the log has been taken in; opaque.' }),
    lagEvents: z.int().meta({ description: 'Events of the log after that.' }),
    state: z.enum(['current', 'behind', 'rebuilding']),
    rebuild: z.object({ ...progress, startedAt: time }).optional(),
    failure: z.object({ at: time, message: z.string() }).optional().meta({
      description: 'Why the last rebuild came to nothing. The old read model goes on answering.',
    }),
  })
  .meta({ id: 'Projection', examples: [PROJECTION_EXAMPLE] });
export type ProjectionAnswer = z.input<typeof projection>;

export const projectionAnswer = projection;

export const projectionsAnswer = z
  .object({ items: z.array(projection) })
  .meta({ id: 'Projections', examples: [{ items: [PROJECTION_EXAMPLE] }] });

export const nameParams = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, expected('the name of a projection: lower case letters, digits and dashes'))
    .meta({ description: 'Name of the projection.', examples: ['read-model'] }),
});
export type NameParams = z.output<typeof nameParams>;

/** Nothing to say: no body, or an empty object. */
export const rebuildBody = z.strictObject({}).optional();
