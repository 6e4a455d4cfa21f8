import type { ClusterConnection } from '#kubernetes';
import { LIST_CASES } from './contract/lists.ts';
import { OBJECT_CASES } from './contract/objects.ts';
import { PATCH_CASES } from './contract/patches.ts';
import { Scene, type Cases } from './contract/scene.ts';
import { SERVER_CASES } from './contract/server.ts';
import { WATCH_CASES } from './contract/watches.ts';
import { WIDGETS_CRD } from './support/files.ts';
import { within } from '../support/within.ts';
import { applyYaml } from './support/install.ts';

export interface ContractTarget {
  /** A connection of the suite's own; the suite closes it. The type it needs is installed by the suite. */
  connect(): Promise<ClusterConnection>;
  /** The type is served already. */
  readonly hasTypes?: boolean;
  /** Restarts the API server on the same data, at the same address. */
  restart?(): Promise<void>;
  /** After this, watches and continue tokens from before are gone (410). */
  compact?(): Promise<void>;
  /** Names of the cases this server cannot pass, because it lacks what they are about. */
  readonly unsupported?: readonly string[];
}

const CASES: Cases = { ...OBJECT_CASES, ...PATCH_CASES, ...LIST_CASES, ...WATCH_CASES, ...SERVER_CASES };
const CASE_LIMIT_MS = 120_000;

/** What this product relies on of a Kubernetes API, as tests against `target`. */
export function clusterContract(name: string, target: ContractTarget): void {
  const unsupported = new Set(target.unsupported);

  describe(`cluster contract: ${name}`, () => {
    let cluster: ClusterConnection;
    beforeAll(async () => {
      cluster = await target.connect();
      if (!target.hasTypes) await applyYaml(cluster, WIDGETS_CRD);
    });
    afterAll(() => cluster.close());

    test(`leaves out only cases that exist: ${[...unsupported].join('; ') || 'none'}`, () => {
      expect([...unsupported].filter((text) => !(text in CASES))).toEqual([]);
    });

    for (const [text, check] of Object.entries(CASES)) {
      if (unsupported.has(text)) continue;
      test(text, () => inScene(new Scene(cluster, target), check));
    }
  });
}

/** The runner has no time limit of its own. */
async function inScene(scene: Scene, check: (scene: Scene) => Promise<void>): Promise<void> {
  try {
    await within(`the case to end`, check(scene), CASE_LIMIT_MS);
  } finally {
    await within(`the objects of the case to be removed`, scene.clear(), CASE_LIMIT_MS);
  }
}
