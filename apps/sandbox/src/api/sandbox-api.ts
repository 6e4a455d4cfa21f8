import { randomInt, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Journal } from '../store/journal.ts';
import { keyOf } from '../store/object.ts';
import type { KubeObject } from '../store/object.ts';
import { ObjectStore } from '../store/object-store.ts';
import { Admission } from './admission.ts';
import type { ApiContext } from './context.ts';
import { ControllerLoop } from './controllers/loop.ts';
import { Faults } from './faults.ts';
import type { FaultMatcher } from './faults.ts';
import { RequestHandler } from './http/handler.ts';
import { isLoopbackHost } from './http/loopback.ts';
import { TypeRegistry } from './types/registry.ts';
import { createObject } from './verbs/create.ts';
import { decodeFields } from './verbs/decode.ts';
import type { WriteOptions } from './verbs/options.ts';
import { replaceObject } from './verbs/update.ts';

export interface SandboxApiOptions {
  /** Where the objects are kept for the next start; absent: in memory only. */
  readonly dataFolder?: string;
  readonly clock?: () => Date;
  readonly newUid?: () => string;
  /** Five characters from Kubernetes' alphabet for names. */
  readonly newSuffix?: () => string;
  /** How long after a change the garbage collector and the other controllers look at it. */
  readonly controllerDelayMs?: number;
  /** Changes kept for watches and exact lists; older ones are compacted. */
  readonly historyLimit?: number;
  readonly bookmarkIntervalMs?: number;
  /** How long a read waits for a resourceVersion that does not exist yet before it answers 504. */
  readonly revisionWaitMs?: number;
}

/**
 * A Kubernetes API server for one machine: real in what it answers, simulated in that nothing stands behind it. It
 * outlives `close`: `listen` again is a restart with the same objects, after which old resourceVersions are Gone.
 */
export interface SandboxApi {
  readonly store: ObjectStore;
  readonly admission: Admission;
  readonly faults: Faults;
  readonly controllers: ControllerLoop;
  readonly clock: () => Date;
  /** Starts to listen on loopback; port 0 takes a free one. */
  listen(port: number, host?: string): Promise<{ url: string; port: number }>;
  /** Stops listening and cuts every connection. The objects stay. */
  close(): Promise<void>;
  /** Closes for good: connections, timers and the journal. */
  dispose(): Promise<void>;
  /** Creates these objects, or replaces those that differ, as a client would. Definitions are served at once. */
  install(objects: readonly object[]): void;
  /** Forgets past changes, as etcd's compaction does: watches from before are Gone. */
  compact(): void;
  /** Breaks open watches that match, in mid-stream. Answers how many. */
  cutWatches(matcher?: FaultMatcher): number;
  /** Makes open watches that match go silent without closing. Answers how many. */
  freezeWatches(matcher?: FaultMatcher): number;
}

const DEFAULTS = { controllerDelayMs: 5, historyLimit: 10_000, bookmarkIntervalMs: 60_000, revisionWaitMs: 3_000 };

export function createSandboxApi(options: SandboxApiOptions = {}): SandboxApi {
  const settings = { ...DEFAULTS, ...options };
  const journal = options.dataFolder === undefined ? undefined : new Journal(options.dataFolder);
  const store = new ObjectStore({ historyLimit: settings.historyLimit, ...(journal ? { journal } : {}) });
  const context: ApiContext = {
    store,
    types: new TypeRegistry(store),
    admission: new Admission(),
    clock: options.clock ?? (() => new Date()),
    newUid: options.newUid ?? randomUUID,
    newSuffix: options.newSuffix ?? randomSuffix,
  };
  const faults = new Faults();
  const handler = new RequestHandler(context, faults, settings);
  const controllers = new ControllerLoop(context, settings.controllerDelayMs);
  const endpoint = new Endpoint(handler, () => store.compact());
  install(context, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } }]);
  return {
    store,
    faults,
    controllers,
    admission: context.admission,
    clock: context.clock,
    listen: (port, host = '127.0.0.1') => endpoint.listen(port, host),
    close: () => endpoint.close(),
    dispose: async () => {
      await endpoint.close();
      controllers.stop();
      journal?.close();
    },
    install: (objects) => install(context, objects),
    compact: () => store.compact(),
    cutWatches: (matcher) => handler.watches(matcher).map((watch) => watch.cut()).length,
    freezeWatches: (matcher) => handler.watches(matcher).map((watch) => watch.freeze()).length,
  };
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new Error(
    `the sandbox wanted to listen on ${host}:${port}, which is in use: stop what listens there, or choose another port`,
    {
      cause: error,
    },
  );
}

/** The listening socket, which comes and goes while the objects stay. */
class Endpoint {
  readonly #handler: RequestHandler;
  readonly #restarted: () => void;
  #server: Server | undefined;
  #wasUp = false;

  constructor(handler: RequestHandler, restarted: () => void) {
    this.#handler = handler;
    this.#restarted = restarted;
  }

  async listen(port: number, host: string): Promise<{ url: string; port: number }> {
    if (!isLoopbackHost(host)) {
      throw new Error(`the sandbox listens on loopback only, and was asked for ${host}: it has no authentication`);
    }
    if (this.#server) throw new Error('the sandbox is listening already; close it first');
    const server = createServer((request, response) => void this.#handler.handle(request, response));
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(listenError(error, host, port)));
      server.listen(port, host, resolve);
    });
    if (this.#wasUp) this.#restarted();
    this.#wasUp = true;
    this.#server = server;
    const bound = (server.address() as AddressInfo).port;
    return { url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`, port: bound };
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
}

const INSTALLER: WriteOptions = { dryRun: false, fieldValidation: 'Strict', fieldManager: 'sandbox' };

function install(api: ApiContext, objects: readonly object[]): void {
  for (const object of objects) {
    const { apiVersion, kind } = object as KubeObject;
    const type = api.types.findKind(apiVersion, kind);
    if (!type)
      throw new Error(
        `expected a kind that the sandbox serves, found ${kind} of ${apiVersion}; install its definition first`,
      );
    const wanted = decodeFields(type, { ...object }, 'Strict').object;
    const stored = api.store.get(type.collection, keyOf(wanted));
    if (stored) replaceObject(api, { type }, stored, wanted, INSTALLER);
    else createObject(api, type, wanted, INSTALLER);
  }
}

const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

function randomSuffix(): string {
  return Array.from({ length: 5 }, () => NAME_ALPHABET[randomInt(NAME_ALPHABET.length)]).join('');
}
