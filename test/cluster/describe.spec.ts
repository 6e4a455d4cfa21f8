import { describeSession } from '../e2e/describe.ts';
import { openClusterWorld } from './support/world.ts';

describeSession('the API server of the cluster run', () => openClusterWorld({ speed: 2 }));
