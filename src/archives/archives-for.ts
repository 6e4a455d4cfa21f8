import { isAbsolute, join } from 'node:path';
import type { RuntimeOptions } from '#runtime';
import { milliseconds } from '../config/leaf.ts';
import type { Config } from '../config/schema.ts';
import { ArchiveFolder } from './archive-folder.ts';
import type { BundleArchivesParts } from './bundle-archives.ts';
import { BundleArchives } from './bundle-archives.ts';

/** The folder the configuration names. */
export function archiveFolderFor({ retention, store }: Pick<Config, 'retention' | 'store'>): ArchiveFolder {
  const { folder } = retention;
  return new ArchiveFolder(isAbsolute(folder) ? folder : join(store.dataFolder, folder));
}

/** Undefined when nothing is ever archived. */
export function archivingFor(
  { retention }: Pick<Config, 'retention'>,
  parts: BundleArchivesParts,
): RuntimeOptions['archiving'] {
  const afterMs = milliseconds(retention.archiveAfter);
  return afterMs === 0 ? undefined : { files: new BundleArchives(parts), afterMs };
}
