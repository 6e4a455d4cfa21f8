import { fileURLToPath } from 'node:url';

/** A file of the repository, from the compiled place of this module (dist/test/cluster/support). */
export function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
}

/** The suites' own CRDs. */
export const WIDGETS_CRD = repositoryFile('test/cluster/crds/widgets.yaml');
export const TEKTON_CRDS = repositoryFile('test/cluster/crds/tekton.yaml');
