import { killNine } from '../e2e/kill-9.ts';
import { openClusterWorld } from './support/world.ts';

killNine('real', () => openClusterWorld({ speed: 3 }), 20);
