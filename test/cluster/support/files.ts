import { fileURLToPath } from 'node:url';

/** The suites' own CRD, from the compiled place of this module (dist/test/cluster/support). */
export const WIDGETS_CRD = fileURLToPath(new URL('../../../../test/cluster/crds/widgets.yaml', import.meta.url));
