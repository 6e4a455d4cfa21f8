import { endToEnd } from '../e2e/end-to-end.ts';
import { openClusterWorld } from './support/world.ts';

endToEnd('the API server of the cluster run', () => openClusterWorld());
