import { ClusterError } from '#kubernetes';

/**
 * True when the API server itself says that the object is not there. A 404 without that word is about the type (not
 * served while its CRD is being replaced) or comes from something in between: it says nothing of the object.
 */
export const isNoSuchObject = (error: unknown): boolean =>
  error instanceof ClusterError && error.code === 'not-found' && error.details.reason === 'NotFound';
