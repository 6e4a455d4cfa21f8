import { killNine } from './kill-9.ts';
import { openSandboxWorld } from './sandbox-world.ts';

killNine('sandbox', () => openSandboxWorld(3), 50);
