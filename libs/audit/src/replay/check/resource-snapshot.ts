import { canonicalJson } from '#event-store';
import type { JsonObject } from '#execution';
import { sha256Hex } from '#execution';
import type { ShownResource, ShownResources } from './projections.ts';

/** What is kept of a resource: where it is, and enough of its status to recognise it. */
interface Noted extends Omit<ShownResource, 'status'> {
  readonly digest: string;
}

/** Every resource as the cluster listed them when the check began, in a few hundred bytes each. */
export class ResourceSnapshot {
  private readonly noted = new Map<string, Noted>();

  static async of(resources: Pick<ShownResources, 'list'>): Promise<ResourceSnapshot> {
    const snapshot = new ResourceSnapshot();
    for await (const page of resources.list())
      for (const { status, ...rest } of page) snapshot.noted.set(rest.uid, { ...rest, digest: digestOf(status) });
    return snapshot;
  }

  all(): Iterable<Noted> {
    return this.noted.values();
  }

  /** True when the resource of this uid showed exactly this status. */
  showed(uid: string, status: JsonObject | undefined): boolean {
    return this.noted.get(uid)?.digest === digestOf(status);
  }
}

const digestOf = (status: JsonObject | undefined): string => sha256Hex(canonicalJson(status ?? null, 'status'));
