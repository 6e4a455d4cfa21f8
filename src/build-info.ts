import { readFileSync } from 'node:fs';

export interface BuildInfo {
  readonly version: string;
  readonly commit: string;
}

/** The program, as what it makes names it. */
export const madeBy = ({ version, commit }: BuildInfo): string => `${version} (${commit})`;

/** What the build wrote beside the compiled sources; `unknown` when they were compiled by hand. */
export function readBuildInfo(path = new URL('../build-info.json', import.meta.url)): BuildInfo {
  try {
    const { version, commit } = JSON.parse(readFileSync(path, 'utf8')) as Partial<BuildInfo>;
    return { version: version ?? 'unknown', commit: commit ?? 'unknown' };
  } catch {
    return { version: 'unknown', commit: 'unknown' };
  }
}
