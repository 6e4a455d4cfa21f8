import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterConnection } from '#kubernetes';
import { connectCluster, PIPELINE_RUNS, systemClock } from '#kubernetes';
import { parseAllDocuments } from 'yaml';
import type { SandboxApi } from './api/index.ts';
import { createSandboxApi } from './api/index.ts';
import { packageRoot } from './package-root.ts';
import type { ScriptedTekton } from './tekton/index.ts';
import { startScriptedTekton, tektonAdmission } from './tekton/index.ts';

const CRD_FOLDERS = ['charts/workflow-execution/crds', 'apps/sandbox/crds'];

export interface SandboxClusterOptions {
  /** Where objects are kept for the next start; absent: in memory only. */
  readonly dataFolder?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** How many times faster than recorded the scripted Tekton plays. */
  readonly speed?: number;
  /** False: runs stay as they were created. */
  readonly withTekton?: boolean;
  readonly log?: (message: string) => void;
}

/** A whole simulated cluster in this process: the API, our CRD and Tekton's, and a scripted Tekton at work on it. */
export class SandboxCluster {
  private constructor(
    readonly url: string,
    readonly api: SandboxApi,
    /** A client's connection to it, as any other client would have. */
    readonly connection: ClusterConnection,
    private readonly stopping: AbortController,
    private readonly tekton: ScriptedTekton | undefined,
  ) {}

  static async start({
    dataFolder,
    port,
    speed,
    log,
    withTekton = true,
  }: SandboxClusterOptions): Promise<SandboxCluster> {
    const api = createSandboxApi(dataFolder === undefined ? {} : { dataFolder });
    api.install(await definitions());
    api.admission.register(PIPELINE_RUNS, tektonAdmission);
    const { url } = await api.listen(port);
    const connection = connectCluster({ server: url, userAgent: 'scripted-tekton' });
    const stopping = new AbortController();
    const optional = { ...(speed !== undefined && { speed }), ...(log !== undefined && { log }) };
    const { signal } = stopping;
    const tekton = withTekton
      ? await startScriptedTekton({ cluster: connection, clock: systemClock, signal, ...optional })
      : undefined;
    return new SandboxCluster(url, api, connection, stopping, tekton);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.tekton?.stopped;
    await this.connection.close();
    await this.api.dispose();
  }
}

async function definitions(): Promise<readonly object[]> {
  const files = await Promise.all(
    CRD_FOLDERS.map(async (folder) => {
      const names = await readdir(join(packageRoot, folder));
      return names.filter((name) => name.endsWith('.yaml')).map((name) => join(packageRoot, folder, name));
    }),
  );
  const texts = await Promise.all(files.flat().map((file) => readFile(file, 'utf8')));
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as object));
}
