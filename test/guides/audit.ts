import type { World } from '../e2e/stage.ts';
import { triedGuide } from './tried.ts';

/** docs/guides/audit.md: who, what, which step, whose lock, five seconds before, and the proof, after everything was deleted. */
export function auditGuide(place: string, open: () => Promise<World>, hasConfigMaps: boolean): void {
  triedGuide({ file: 'docs/guides/audit.md', place, open, cooldown: '5s', hasConfigMaps });
}
