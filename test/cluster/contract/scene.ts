import { randomBytes } from 'node:crypto';
import {
  ClusterError,
  type ClusterConnection,
  type KubeObject,
  type ListOptions,
  type ObjectName,
  type OwnerReference,
  type ResourceType,
  type WatchMessage,
} from '#kubernetes';
import { until } from '../../support/until.ts';

export const WIDGETS: ResourceType = { group: 'contract.test', version: 'v1', plural: 'widgets', kind: 'Widget' };
export const NAMESPACE = 'default';
const RUN_LABEL = 'contract.test/case';
const WATCH_LIMIT_MS = 30_000;
const PATIENCE_MS = 60_000;

export type WidgetSpec = Readonly<Record<string, unknown>>;
export interface WidgetExtras {
  readonly labels?: Record<string, string>;
  readonly finalizers?: readonly string[];
  readonly status?: unknown;
  readonly ownerReferences?: readonly OwnerReference[];
}

/** One case's corner of the cluster: what it makes carries its label, and goes when the case is over. */
export class Scene {
  readonly label: string;
  private made = 0;

  constructor(
    readonly cluster: ClusterConnection,
    private readonly hooks: { readonly restart?: () => Promise<void>; readonly compact?: () => Promise<void> },
    readonly tag = randomBytes(5).toString('hex'),
  ) {
    this.label = `${RUN_LABEL}=${tag}`;
  }

  /** A name nobody else uses. */
  name(): string {
    this.made += 1;
    return `w-${this.tag}-${this.made}`;
  }

  at(name: string): ObjectName {
    return { namespace: NAMESPACE, name };
  }

  widget(name: string, spec: WidgetSpec = {}, extras: WidgetExtras = {}): KubeObject {
    const { status, labels, ...metadata } = extras;
    return {
      apiVersion: 'contract.test/v1',
      kind: 'Widget',
      metadata: { name, namespace: NAMESPACE, labels: { [RUN_LABEL]: this.tag, ...labels }, ...metadata },
      spec,
      ...(status === undefined ? {} : { status }),
    };
  }

  create(spec: WidgetSpec = {}, extras: WidgetExtras = {}): Promise<KubeObject> {
    return this.cluster.create(WIDGETS, this.widget(this.name(), spec, extras));
  }

  get(object: KubeObject): Promise<KubeObject> {
    return this.cluster.get(WIDGETS, nameOf(object));
  }

  merge(object: KubeObject, body: object): Promise<KubeObject> {
    return this.cluster.patch(WIDGETS, nameOf(object), { type: 'merge', body });
  }

  mergeStatus(object: KubeObject, status: object): Promise<KubeObject> {
    return this.cluster.patchStatus(WIDGETS, nameOf(object), { type: 'merge', body: { status } });
  }

  delete(object: KubeObject): Promise<void> {
    return this.cluster.delete(WIDGETS, nameOf(object));
  }

  /** The resourceVersion of now, by a list of this case's objects. */
  async position(): Promise<string> {
    const page = await this.cluster.list(WIDGETS, { namespace: NAMESPACE, labelSelector: this.label });
    return page.resourceVersion;
  }

  async names(options: ListOptions): Promise<string[]> {
    const page = await this.cluster.list(WIDGETS, { namespace: NAMESPACE, labelSelector: this.label, ...options });
    return page.items.map(({ metadata }) => metadata.name).sort();
  }

  /** What a watch shows until `isEnough`. */
  async watched(
    selection: { readonly resourceVersion: string; readonly labelSelector?: string; readonly fieldSelector?: string },
    isEnough: (seen: readonly WatchMessage[]) => boolean,
    timeoutSeconds = 60,
  ): Promise<WatchMessage[]> {
    const seen: WatchMessage[] = [];
    const signal = AbortSignal.timeout(WATCH_LIMIT_MS);
    const options = { namespace: NAMESPACE, labelSelector: this.label, ...selection, timeoutSeconds, signal };
    for await (const message of this.cluster.watch(WIDGETS, options)) {
      seen.push(message);
      if (isEnough(seen)) return seen;
    }
    throw new Error(`the watch ended before it showed enough: ${seen.map(told).join(', ') || 'nothing'}`);
  }

  async restart(): Promise<void> {
    await required('restart', this.hooks.restart)();
    await this.answering();
  }

  async compact(): Promise<void> {
    await required('compact', this.hooks.compact)();
    await this.answering();
  }

  /** A server that has just started refuses the first lists from its cache (429); one with a limit is not served from it. */
  async answering(): Promise<void> {
    await until('the API server lists widgets', () => this.cluster.list(WIDGETS), PATIENCE_MS);
  }

  /** Removes what the case left behind, finalizers included. */
  async clear(): Promise<void> {
    const page = await this.cluster.list(WIDGETS, { namespace: NAMESPACE, labelSelector: this.label });
    for (const object of page.items) {
      if (object.metadata.finalizers) await ignoringAbsence(this.merge(object, { metadata: { finalizers: null } }));
      await ignoringAbsence(this.delete(object));
    }
  }
}

export type Case = (scene: Scene) => Promise<void>;
export type Cases = Readonly<Record<string, Case>>;

export function nameOf({ metadata }: KubeObject): ObjectName {
  return { namespace: metadata.namespace ?? NAMESPACE, name: metadata.name };
}

/** `ADDED name`, for comparing whole sequences at a glance. */
export function told(message: WatchMessage): string {
  return message.type === 'BOOKMARK' ? 'BOOKMARK' : `${message.type} ${message.object.metadata.name}`;
}

/** The error a call is refused with; fails when it is not refused. */
export async function refusalOf(call: Promise<unknown>): Promise<ClusterError> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof ClusterError) return outcome;
  throw new Error('expected the call to be refused with a ClusterError', { cause: outcome });
}

export function specOf(object: KubeObject): Record<string, unknown> {
  return object.spec as Record<string, unknown>;
}

function required(hook: string, call: (() => Promise<void>) | undefined): () => Promise<void> {
  if (call) return call;
  throw new Error(`this case needs the hook "${hook}": give it, or name the case as unsupported`);
}

async function ignoringAbsence(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'not-found') throw error;
  }
}
