import { life } from './life.ts';
import { openSandboxWorld } from './sandbox-world.ts';

life('the sandbox', () => openSandboxWorld(5));
