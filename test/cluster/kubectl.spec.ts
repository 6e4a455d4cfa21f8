import { kubectlSession } from '../e2e/kubectl.ts';
import { openClusterWorld } from './support/world.ts';

kubectlSession('the API server of the cluster run', () => openClusterWorld({ speed: 2 }));
