import { isFields } from '../../store/object.ts';
import type { KubeObject } from '../../store/object.ts';

/** Held by this until the namespace is empty. */
const NAMESPACE_FINALIZER = 'kubernetes';

export function completeNamespace(object: KubeObject, previous: KubeObject | undefined): KubeObject {
  const name = object.metadata.name;
  const labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': name };
  return {
    ...object,
    metadata: { ...object.metadata, labels },
    spec: previous?.['spec'] ?? { finalizers: [NAMESPACE_FINALIZER] },
    status: { phase: object.metadata.deletionTimestamp === undefined ? 'Active' : 'Terminating' },
  };
}

export function namespaceFinalizers(object: KubeObject): readonly string[] {
  const spec = isFields(object['spec']) ? object['spec'] : {};
  return Array.isArray(spec['finalizers']) ? spec['finalizers'].map(String) : [];
}
