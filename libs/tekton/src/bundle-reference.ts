/**
 * The reference the bundles resolver is given: `image` as it is, or pinned to `digest` when that is known. A tag or
 * digest inside `image` gives way to the pin; a registry port (`host:5000/path`) is no tag.
 */
export function bundleReference(image: string, digest?: string): string {
  return digest === undefined ? image : `${repositoryOf(image)}@${digest}`;
}

function repositoryOf(image: string): string {
  const untilDigest = image.split('@', 1)[0] as string;
  const tag = untilDigest.indexOf(':', untilDigest.lastIndexOf('/') + 1);
  return tag === -1 ? untilDigest : untilDigest.slice(0, tag);
}
