import type { Admission, AdmissionDenial, ServedType } from '#kubernetes';
import { withDefaults } from './api/schema/defaults.ts';
import { pruneObject } from './api/schema/prune.ts';
import { invalid } from './api/status.ts';
import { servedBy, type Definition } from './api/types/definition.ts';
import type { ServedType as DefinedType } from './api/types/served-type.ts';
import { metadataProblems } from './api/verbs/metadata.ts';
import type { KubeObject } from './store/object.ts';

/** The first version that a CustomResourceDefinition serves, for a `MemoryCluster`: with its schema, defaults and CEL rules. */
export function servedAsDefined(definition: Definition): ServedType {
  const [defined] = servedBy(definition);
  if (defined === undefined) throw new Error(`expected ${definition.metadata.name} to serve a version, found none`);
  const { group, version, plural, kind, hasStatus, selectable } = defined;
  return {
    type: { group, version, plural, kind },
    hasStatus,
    selectableFields: selectable.map(({ path }) => path),
    admission: schemaAdmission(defined),
  };
}

/** A new object with unknown fields is refused, as under `fieldValidation=Strict`; later writes lose them. */
function schemaAdmission(type: DefinedType): Admission {
  return {
    mutate(object, { previous }) {
      const { value, unknown } = pruneObject({ ...object }, type.schema);
      if (previous === undefined && unknown.length > 0) return undecodable(type, unknown);
      const { apiVersion, kind, metadata } = object;
      const kept = unknown.length > 0 ? value : object;
      return { ...(withDefaults(kept, type.schema) as object), apiVersion, kind, metadata };
    },
    validate(object, { previous }) {
      const candidate: KubeObject = { ...object };
      const causes = type.validate(candidate, previous, metadataProblems(candidate));
      if (causes.length === 0) return undefined;
      const { code, reason = '', message } = invalid(object.kind, type.group, object.metadata.name, causes);
      return { code, reason, message, causes };
    },
  };
}

function undecodable({ kind, version }: DefinedType, unknown: readonly string[]): AdmissionDenial {
  const fields = unknown.map((path) => `unknown field "${path}"`).join(', ');
  const message = `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${fields}`;
  return { code: 400, reason: 'BadRequest', message };
}
