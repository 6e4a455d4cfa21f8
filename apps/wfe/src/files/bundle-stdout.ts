import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Shell } from '../shell.ts';
import { counted, type BundleSource, type Counted } from './bundle-source.ts';

/** Writes a bundle to stdout, as fast as it is read there. @throws Failure */
export async function bundleToStdout({ stdout }: Shell, bundle: BundleSource, isCompressed: boolean): Promise<Counted> {
  const into: Counted = { events: 0, bytes: 0 };
  const { stream } = stdout;
  await (isCompressed
    ? pipeline(counted(bundle, into), createGzip(), stream, { end: false })
    : pipeline(counted(bundle, into), stream, { end: false }));
  return into;
}
