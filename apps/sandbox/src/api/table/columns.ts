import type { KubeObject } from '../../store/object.ts';
import type { Column } from '../types/served-type.ts';
import { compilePath } from './json-path.ts';

/** additionalPrinterColumns of a definition. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
}

export const NAME_COLUMN: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow ' +
    'a client to request the generation of an appropriate name automatically. Name is primarily intended for creation ' +
    'idempotence and configuration definition. Cannot be updated. More info: ' +
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
  priority: 0,
  cell: (object) => object.metadata.name,
};

export const AGE_COLUMN: PrinterColumn = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed ' +
    'to be set in happens-before order across separate operations. Clients may not set this value. It is represented ' +
    'in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: ' +
    'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
};

/** Columns of a type: its name, then those of the definition, or the age when it has none. */
export function columnsOf(printed: readonly PrinterColumn[] | undefined): Column[] {
  const columns = printed === undefined || printed.length === 0 ? [AGE_COLUMN] : printed;
  return [NAME_COLUMN, ...columns.map(columnOf)];
}

export function columnOf(column: PrinterColumn): Column {
  const read = compilePath(column.jsonPath);
  return {
    name: column.name,
    type: column.type,
    format: column.format ?? '',
    description: column.description ?? `Custom resource definition column (in JSONPath format): ${column.jsonPath}`,
    priority: column.priority ?? 0,
    cell: (object: KubeObject) => cellOf(column.type, read(object)),
  };
}

/** A value that does not fit the column's type leaves the cell empty, as in the API server. */
function cellOf(type: string, found: readonly unknown[]): unknown {
  const [first] = found;
  if (first === undefined || first === null) return null;
  switch (type) {
    case 'integer':
      return typeof first === 'number' ? Math.trunc(first) : null;
    case 'number':
      return typeof first === 'number' ? first : null;
    case 'boolean':
      return typeof first === 'boolean' ? first : null;
    case 'date':
      return typeof first === 'string' ? new Date(first) : null;
    default:
      return found.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' ');
  }
}
