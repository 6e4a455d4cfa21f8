import { fileURLToPath } from 'node:url';

/** Folder of package.json: manifests and recordings are read from there. This file runs from dist/apps/sandbox/src. */
export const packageRoot = fileURLToPath(new URL('../../../..', import.meta.url));
