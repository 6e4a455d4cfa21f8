import { spawn } from 'node:child_process';
import { findKubectl } from '../../apps/sandbox/test/support/kubectl.ts';
import { reach } from '../e2e/kubectl.ts';
import type { World } from '../e2e/stage.ts';
import { Hopeless, until } from '../support/until.ts';

export interface KubernetesUrl {
  readonly url: string;
  readonly close: () => void;
}

const SERVES = /Starting to serve on (127\.0\.0\.1:\d+)/;

/** Where the Kubernetes API answers without credentials: the sandbox itself, or `kubectl proxy` before a real one. */
export async function kubernetesUrl(world: World): Promise<KubernetesUrl> {
  const { server } = world.clusterConfig;
  if (typeof server === 'string') return { url: server, close: () => undefined };
  const kubectl = findKubectl();
  if (kubectl === undefined) throw new Error('expected a kubectl for `kubectl proxy`; found none (WFE_TEST_KUBECTL)');
  const child = spawn(kubectl, [...reach(world), 'proxy', '--port=0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  let hasEnded = false;
  child.once('exit', () => (hasEnded = true));
  const address = await until('kubectl proxy to serve', () => {
    if (hasEnded) throw new Hopeless(`kubectl proxy ended: ${said}`);
    return SERVES.exec(said)?.[1];
  });
  return { url: `http://${address}`, close: () => void child.kill() };
}
