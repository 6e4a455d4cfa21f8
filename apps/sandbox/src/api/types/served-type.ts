import type { KubeObject } from '../../store/object.ts';
import type { Schema } from '../schema/schema.ts';
import type { compileValidation } from '../schema/validate.ts';
import type { NamedType } from '../status.ts';

/** One column of the table that `kubectl get` shows. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** 0 is always shown, 1 with -o wide. */
  readonly priority: number;
  /** The cell of an object: a JSON value, or a date for the age columns. */
  readonly cell: (object: KubeObject) => unknown;
}

/** A field that field selectors may name, besides metadata.name and metadata.namespace. */
export interface SelectableField {
  readonly path: string;
  readonly read: (object: KubeObject) => string;
}

/** Another shape of the objects of a collection, as core events are of events.k8s.io ones. */
export interface View {
  readonly read: (stored: KubeObject) => KubeObject;
  readonly write: (given: KubeObject) => KubeObject;
}

/** One version of a resource type, ready to be served. */
export interface ServedType extends NamedType {
  readonly version: string;
  readonly singular: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** Name of the store's collection; versions of a type share it. */
  readonly collection: string;
  /** Defined by a CustomResourceDefinition: strategic merge patch and writes without a resourceVersion are refused. */
  readonly custom: boolean;
  readonly hasStatus: boolean;
  /** Objects carry metadata.generation. */
  readonly countsGenerations: boolean;
  readonly schema: Schema;
  readonly validate: ReturnType<typeof compileValidation>;
  readonly columns: readonly Column[];
  readonly selectable: readonly SelectableField[];
  readonly view?: View;
  /** Completes an object of a built-in type before it is validated, as the API server's own strategies do. */
  readonly prepare?: (object: KubeObject, previous: KubeObject | undefined, now: Date) => KubeObject;
  /** What is wrong with a field that cannot even be decoded; answered with 400. */
  readonly undecodable?: (object: KubeObject) => string | undefined;
  /** What holds an object besides metadata.finalizers. */
  readonly heldBy?: (object: KubeObject) => readonly string[];
}

export function apiVersionOf(type: Pick<ServedType, 'group' | 'version'>): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** The stored object as this version of the type shows it. */
export function present(type: ServedType, stored: KubeObject): KubeObject {
  if (type.view) return type.view.read(stored);
  const apiVersion = apiVersionOf(type);
  return stored.apiVersion === apiVersion ? stored : { ...stored, apiVersion };
}
