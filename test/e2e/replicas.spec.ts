import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
