import type { ConfigKey } from './keys.ts';
import { CONFIG_KEYS } from './keys.ts';
import type { Config } from './schema.ts';

export type EffectiveConfig = Readonly<
  Record<string, Readonly<Record<string, string | number | readonly string[] | null>>>
>;

const REDACTED = '[redacted]';

/** The configuration as it is used, for the log and for `GET /v1/config`: every key, none of the secrets. */
export function effectiveConfig(config: Config): EffectiveConfig {
  return shownValues(config, CONFIG_KEYS);
}

export function shownValues(values: object, keys: readonly ConfigKey[]): EffectiveConfig {
  const sections: Record<string, Record<string, string | number | readonly string[] | null>> = {};
  for (const { path, secret } of keys) {
    const [section, name] = path;
    const value = (values as Record<string, Record<string, string | number | readonly string[] | undefined>>)[
      section
    ]?.[name];
    (sections[section] ??= {})[name] = value === undefined ? null : secret ? REDACTED : value;
  }
  return sections;
}
