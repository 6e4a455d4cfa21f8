// npm run service: the service alone, against the cluster of the kubeconfig.
import { run } from './node24.mjs';

run('dist/src/main.js');
