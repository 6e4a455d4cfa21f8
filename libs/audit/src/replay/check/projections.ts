import type { EventStore } from '#event-store';
import type { BoundResource, JsonObject } from '#execution';
import type { Folded } from '../folded.ts';

/** The log, and what is made of it. */
export interface Compared {
  readonly store: Pick<EventStore, 'readAll' | 'readStream' | 'head' | 'compare'>;
  readonly rows: KeptRows;
  readonly resources: ShownResources;
}

/** Rows of the read model, and the projection of today that makes them. */
export interface KeptRows {
  /** The row of an execution as folded; undefined while there is none. Pure. */
  rowOf(folded: Folded): object | undefined;
  /** The row as it is kept now. */
  get(id: string): Promise<object | undefined>;
  /** Ids of all rows, in pages. */
  ids(): AsyncIterable<readonly string[]>;
}

/** A WorkflowExecution as it is in the cluster. */
export interface ShownResource {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly status: JsonObject | undefined;
  /** Executions it may belong to: by its uid, its label, its status. Claims: the log decides. */
  readonly claims: readonly string[];
  /** On its way out. */
  readonly isDeleted: boolean;
}

/** What the cluster shows. Reads only. */
export interface ShownResources {
  /** Whether resources of this namespace are looked after by this service. */
  isServed(namespace: string): boolean;
  /** All there are, asked of the cluster in pages; an object may come twice. @throws when it cannot be asked */
  list(): AsyncIterable<readonly ShownResource[]>;
  /** The object of that uid as the cluster has it now. @throws when it cannot be asked */
  read(resource: BoundResource): Promise<ShownResource | undefined>;
}
