import { auditGuide } from '../guides/audit.ts';
import { openClusterWorld } from './support/world.ts';

// That of the lab serves custom resources only.
auditGuide('the API server of the cluster run', () => openClusterWorld(), false);
