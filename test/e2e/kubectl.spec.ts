import { kubectlSession } from './kubectl.ts';
import { openSandboxWorld } from './sandbox-world.ts';

kubectlSession('the sandbox', () => openSandboxWorld(2));
