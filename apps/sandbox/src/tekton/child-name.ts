import { createHash } from 'node:crypto';

const LONGEST = 63;
const MD5_DIGITS = 32;
const HEAD = LONGEST - MD5_DIGITS;

/** Tekton's name for a child: `<parent><suffix>`, cut and hashed with MD5 when that is longer than 63 characters. */
export function childName(parent: string, suffix: string): string {
  if (parent.length <= LONGEST - suffix.length) return parent + suffix;
  if (suffix.length >= HEAD) return parent.slice(0, HEAD) + md5(parent + suffix);
  return parent.slice(0, HEAD - suffix.length) + md5(parent) + suffix;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
