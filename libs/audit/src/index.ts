export type { EventFilter, EventPlace, EventPlaces, IdPage, LogIndex, MomentFilter } from './log-index.ts';
export type { BundleAnchors } from './bundle/anchors.ts';
export type { BundleDamage, BundleDamageKind } from './bundle/damage.ts';
export type { BundleRequest, ExportParts } from './bundle/export-bundle.ts';
export { exportBundle } from './bundle/export-bundle.ts';
export type { BundleCounts, BundleHead, BundleScope } from './bundle/format.ts';
export type { BundleVerdict } from './bundle/verify-bundle.ts';
export { verifyBundle } from './bundle/verify-bundle.ts';
