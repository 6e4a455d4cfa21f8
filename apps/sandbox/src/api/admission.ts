import type { KubeObject as AdmittedObject } from '#kubernetes';
import type { KubeObject } from '../store/object.ts';
import { ApiError } from './status.ts';

/** What an admission hook is told besides the object. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE';
  /** Set when the request is for a subresource, such as "status". */
  readonly subresource?: string;
  /** The stored object; absent on CREATE. */
  readonly previous?: AdmittedObject;
}

/** Why an object is refused: sent as a Status of this code and reason, with exactly this message. */
export interface Denial {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

/**
 * What an admission webhook would do, called in process for each create and update of a type (subresources and dry runs
 * included, deletes not). Both functions are pure: they neither wait nor change the object they are given.
 */
export interface AdmissionHooks {
  /** Answers the object with defaults filled in. Called before validation against the schema. */
  readonly mutate?: (object: AdmittedObject, request: AdmissionRequest) => AdmittedObject | Denial;
  /** Answers why the object is refused, or nothing. Called after validation against the schema. */
  readonly validate?: (object: AdmittedObject, request: AdmissionRequest) => Denial | undefined;
}

export class Admission {
  readonly #hooks = new Map<string, AdmissionHooks[]>();

  /** Registers hooks for a type, whatever its version. They are called in the order of registration. */
  register(type: { readonly group: string; readonly plural: string }, hooks: AdmissionHooks): void {
    const key = `${type.group}/${type.plural}`;
    this.#hooks.set(key, [...(this.#hooks.get(key) ?? []), hooks]);
  }

  mutate(collection: string, object: KubeObject, request: AdmissionRequest): KubeObject {
    return this.#of(collection).reduce<KubeObject>((mutated, { mutate }) => {
      const answer = mutate ? mutate(mutated, request) : mutated;
      if (isDenial(answer)) throw denied(answer);
      return { ...answer };
    }, object);
  }

  validate(collection: string, object: KubeObject, request: AdmissionRequest): void {
    for (const { validate } of this.#of(collection)) {
      const denial = validate?.(object, request);
      if (denial) throw denied(denial);
    }
  }

  #of(collection: string): readonly AdmissionHooks[] {
    return this.#hooks.get(collection) ?? [];
  }
}

function isDenial(answer: AdmittedObject | Denial): answer is Denial {
  return !('metadata' in answer);
}

function denied({ code, reason, message }: Denial): ApiError {
  return new ApiError(code, reason, message);
}
