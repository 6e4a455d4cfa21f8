import type { KubeObject } from '../cluster.ts';

/** `spec` of a coordination.k8s.io/v1 Lease, as far as we write it. */
export interface LeaseSpec {
  readonly holderIdentity: string;
  readonly leaseDurationSeconds: number;
  readonly acquireTime: string;
  readonly renewTime: string;
  readonly leaseTransitions: number;
}

/** A Lease as anybody may have written it: nothing in it is certain to be there or to make sense. */
export interface LeaseRecord {
  /** Absent: nobody holds it. */
  readonly holder?: string;
  /** For how long a candidate that sees no change must not take it. */
  readonly durationMs?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly transitions: number;
}

export function readLease(object: KubeObject): LeaseRecord {
  const spec = (object.spec ?? {}) as Record<string, unknown>;
  const { holderIdentity, leaseDurationSeconds, acquireTime, renewTime, leaseTransitions } = spec;
  return {
    ...(isText(holderIdentity) && { holder: holderIdentity }),
    ...(isCount(leaseDurationSeconds) && leaseDurationSeconds > 0 && { durationMs: leaseDurationSeconds * 1_000 }),
    ...(isText(acquireTime) && { acquireTime }),
    ...(isText(renewTime) && { renewTime }),
    transitions: isCount(leaseTransitions) ? leaseTransitions : 0,
  };
}

/**
 * What a Lease says once it is given back: no holder, one second, as client-go leaves it. The holder is left out where
 * client-go writes an empty name; both read the same, and no validation can mind what is not there.
 */
export function releasedSpec(object: KubeObject, time: string): object {
  const spec = { ...(object.spec as Partial<LeaseSpec> | undefined) };
  delete spec.holderIdentity;
  return { ...spec, leaseDurationSeconds: 1, acquireTime: time, renewTime: time };
}

/**
 * The time as Kubernetes' MicroTime wants it: UTC with exactly six digits (other lengths are refused). Never the same as
 * `previous`: to an API server a write that changes nothing is no write, and others would not see that we renewed.
 * @param micros 0 to 999: our clock has none; they tell the records of two processes apart that wrote in the same millisecond
 */
export function microTime(epochMs: number, micros: number, previous?: string): string {
  const toTheMs = new Date(epochMs).toISOString().slice(0, -1);
  const time = `${toTheMs}${threeDigits(micros)}Z`;
  return time === previous ? `${toTheMs}${threeDigits((micros + 1) % 1_000)}Z` : time;
}

function threeDigits(micros: number): string {
  return String(micros).padStart(3, '0');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
