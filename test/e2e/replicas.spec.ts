import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { LEASES } from '#kubernetes';
import { specFor } from '../support/rest.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { Client } from './client.ts';
import { staged } from './stage.ts';
import { openSandboxWorld } from './sandbox-world.ts';

const PROGRAM = new URL('../../src/main.js', import.meta.url).pathname;

describe('a second replica on an embedded store', () => {
  const stage = staged(() => openSandboxWorld());

  it('refuses to start, with a sentence that says who has it and what to do; the first goes on', async () => {
    const ports = { WFE_HTTP_PORT: '0', WFE_HEALTH_PORT: '0', WFE_METRICS_PORT: '0' };
    const second = spawn(process.execPath, [PROGRAM, '--config', `${stage.service.folder}/config.yaml`], {
      env: { ...process.env, ...ports, WFE_LOG_LEVEL: 'silent' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [second.stdout, second.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    const [code] = (await once(second, 'exit')) as [number];
    expect(code).toBe(1);
    expect(said).toMatch(
      /already in use by process \d+ on host \S+ since .*; one process writes a store: stop that one, run one replica only/,
    );
    expect(said).toContain(String(stage.service.pid));
    expect((await fetch(`${stage.service.healthUrl}/readyz`)).status).toBe(200);
  }, 60_000);
});

describe('a replica that is to be elected', () => {
  it('holds the Lease where it is told to, acts, says so in its metrics, and gives the Lease back when it stops', async () => {
    const world = await openSandboxWorld();
    const controller = { leaderElection: 'on', leaseNamespace: 'elections' };
    const service = await ServiceProcess.prepare({ cluster: world.clusterConfig, controller });
    const lease = { namespace: 'elections', name: 'workflow-execution-service' };
    const holder = async (): Promise<unknown> =>
      ((await world.cluster.get(LEASES, lease)).spec as { holderIdentity?: string }).holderIdentity;
    const leads = async (): Promise<boolean> =>
      (await (await fetch(`${service.metricsUrl}/metrics`)).text()).includes('\nworkflowexecution_leader 1\n');
    try {
      await service.start();
      await until('the service to lead', leads);
      expect(await holder()).toMatch(/^.+_[0-9a-f-]{36}$/);
      const client = new Client(service.url, world.cluster);
      const id = await client.accepted(specFor('quick', 'elected/deployment/app'));
      expect((await client.ended(id)).status.phase).toBe('Completed');
      expect(await service.stop()).toBe(0);
      expect(await holder()).toBeUndefined();
      expect(service.log).toContain('this replica leads: it acts from now on');
    } finally {
      await service.remove();
      await world.close();
    }
  }, 60_000);
});
