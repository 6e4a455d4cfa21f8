import type { Fields, KubeObject } from '../../store/object.ts';
import type { Column } from '../types/served-type.ts';
import { humanAge } from './age.ts';

/** What a row carries besides its cells, as the client asked by ?includeObject=. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export function tableOf(
  objects: readonly KubeObject[],
  columns: readonly Column[],
  metadata: Fields,
  include: IncludeObject,
  now: Date,
): Fields {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ name, type, format, description, priority }) => ({
      name,
      type,
      format,
      description,
      priority,
    })),
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => shown(cell(object), now)),
      object: include === 'None' ? null : include === 'Object' ? object : partialMetadata(object),
    })),
  };
}

export function partialMetadata(object: KubeObject): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

function shown(value: unknown, now: Date): unknown {
  if (!(value instanceof Date)) return value;
  return Number.isNaN(value.getTime()) ? '<invalid>' : humanAge(now.getTime() - value.getTime());
}
