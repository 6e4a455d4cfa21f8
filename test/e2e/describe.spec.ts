import { describeSession } from './describe.ts';
import { openSandboxWorld } from './sandbox-world.ts';

describeSession('the sandbox', () => openSandboxWorld(2));
