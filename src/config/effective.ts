import type { ConfigKey } from './keys.ts';
import { CONFIG_KEYS } from './keys.ts';
import type { Config } from './schema.ts';

type Shown = string | number | readonly (string | Readonly<Record<string, unknown>>)[] | null;

export type EffectiveConfig = Readonly<Record<string, Readonly<Record<string, Shown>>>>;

const REDACTED = '[redacted]';

/** The configuration as it is used, for the log and for `GET /v1/config`: every key, none of the secrets. */
export function effectiveConfig(config: Config): EffectiveConfig {
  return shownValues(config, CONFIG_KEYS);
}

export function shownValues(values: object, keys: readonly ConfigKey[]): EffectiveConfig {
  const sections: Record<string, Record<string, Shown>> = {};
  for (const { path, secret, shown } of keys) {
    const [section, name] = path;
    const value = (values as Record<string, Record<string, Shown | undefined>>)[section]?.[name];
    const told = value === undefined || shown === undefined ? value : (shown(value) as Shown);
    (sections[section] ??= {})[name] = told === undefined ? null : secret ? REDACTED : told;
  }
  return sections;
}
