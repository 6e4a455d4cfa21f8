import { auditGuide } from '../guides/audit.ts';
import { openClusterWorld } from './support/world.ts';

auditGuide('the API server of the cluster run', () => openClusterWorld());
