import { z } from 'zod';
import type { LeafMeta } from './leaf.ts';
import { configSchema } from './schema.ts';

/** One key of the configuration, as the schema describes it. */
export interface ConfigKey extends LeafMeta {
  /** Section and name. */
  readonly path: readonly [string, string];
  /** Environment variable that overrides it. */
  readonly variable: string;
  /** Undefined when there is none. */
  readonly default: unknown;
}

export const VARIABLE_PREFIX = 'WFE_';

/** `execution.serviceAccountName` is overridden by `WFE_EXECUTION_SERVICE_ACCOUNT_NAME`. */
const variableOf = (path: readonly string[]): string =>
  VARIABLE_PREFIX + path.map((part) => part.replace(/[A-Z]/g, '_$&').toUpperCase()).join('_');

/** Sections of a schema, and in each the keys, in the order they are written. */
export function keysOf(schema: z.ZodObject): readonly ConfigKey[] {
  return Object.entries(schema.shape).flatMap(([section, wrapped]) => {
    const { shape } = (wrapped as z.ZodPrefault<z.ZodObject>).unwrap();
    return Object.entries(shape).map(([name, leaf]) => {
      const path = [section, name] as const;
      const initial = (leaf as z.ZodType).safeParse(undefined);
      const meta = (leaf as z.ZodType).meta() as unknown as LeafMeta;
      return { ...meta, path, variable: variableOf(path), default: initial.data };
    });
  });
}

export const CONFIG_KEYS = keysOf(configSchema);
