import { openSandboxWorld } from '../e2e/sandbox-world.ts';
import { triedGuide } from './tried.ts';

triedGuide({
  file: 'docs/guides/wfe.md',
  place: 'the sandbox',
  open: () => openSandboxWorld(),
  cooldown: '30s',
  hasConfigMaps: true,
});
