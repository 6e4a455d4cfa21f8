import { life } from '../e2e/life.ts';
import { openClusterWorld } from './support/world.ts';

life('the API server of the cluster run', () => openClusterWorld({ speed: 5 }));
