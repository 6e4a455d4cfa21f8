import { join } from 'node:path';
import type { Cluster } from '#kubernetes';
import type { Config } from '../config/schema.ts';
import type { Log } from '#runtime';
import { FileKeyVault } from './key-vault.file.ts';
import type { KeyVault } from './key-vault.ts';
import { SecretKeyVault } from './key-vault.secret.ts';

/** The vault the configuration names. */
export function keyVaultFor(
  { audit, store, execution }: Pick<Config, 'audit' | 'store' | 'execution'>,
  cluster: Cluster,
  log: Pick<Log, 'warn'>,
): KeyVault {
  if (audit.keys === 'file') return new FileKeyVault(audit.keyFolder ?? join(store.dataFolder, 'keys'), log);
  return new SecretKeyVault(cluster, { namespace: audit.namespace ?? execution.namespace, name: audit.keySecret });
}
