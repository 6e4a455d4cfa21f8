import { openSandboxWorld } from '../e2e/sandbox-world.ts';
import { auditGuide } from './audit.ts';

auditGuide('the sandbox', () => openSandboxWorld(), true);
