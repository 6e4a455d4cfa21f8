import type { KubeObject } from '../../store/object.ts';
import { invalid } from '../status.ts';
import type { Cause } from '../status.ts';
import { TOO_LARGE_FOR_ETCD } from '../status.ts';
import type { ServedType } from '../types/served-type.ts';
import { metadataProblems } from './metadata.ts';

/** etcd's default limit for one request. */
const MAX_OBJECT_BYTES = 1.5 * 1024 * 1024;

/** Throws 422 with every reason why the object may not be stored, in the server's own form. */
export function checkValid(
  type: ServedType,
  object: KubeObject,
  previous: KubeObject | undefined,
  transition: readonly Cause[] = [],
  subresource?: string,
): void {
  const metadata = [...kindProblems(type, object), ...transition, ...metadataProblems(object)];
  const causes = type.validate(object, previous, metadata);
  if (causes.length === 0) return;
  throw invalid(
    object.kind,
    type.group,
    object.metadata.name,
    subresource === 'status' ? causes.map(asStatus) : causes,
  );
}

/** Through the subresource the server checks the status alone, and names its fields from there in its sentences. */
function asStatus(cause: Cause): Cause {
  return { ...cause, message: cause.message.replace(': status.', ': ') };
}

function kindProblems(type: ServedType, { kind }: KubeObject): Cause[] {
  if (kind === type.kind) return [];
  const message = `Invalid value: ${JSON.stringify(kind)}: must be ${type.kind}`;
  return [{ reason: 'FieldValueInvalid', message, field: 'kind' }];
}

export function checkSize(object: KubeObject): void {
  if (Buffer.byteLength(JSON.stringify(object)) > MAX_OBJECT_BYTES) throw TOO_LARGE_FOR_ETCD;
}
