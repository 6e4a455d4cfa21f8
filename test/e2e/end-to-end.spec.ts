import { endToEnd } from './end-to-end.ts';
import { openSandboxWorld } from './sandbox-world.ts';

endToEnd('the sandbox', () => openSandboxWorld(2));
