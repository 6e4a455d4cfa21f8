import type { KubeObject } from '../../store/object.ts';
import type { ServedType } from '../types/served-type.ts';

/** The garbage collector's own finalizers. */
export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';

/** Everything an object being deleted still waits for. */
export function holdersOf(type: ServedType, object: KubeObject): readonly string[] {
  return [...(object.metadata.finalizers ?? []), ...(type.heldBy?.(object) ?? [])];
}
