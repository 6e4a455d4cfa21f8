export { createSandboxApi } from './sandbox-api.ts';
export type { SandboxApi, SandboxApiOptions } from './sandbox-api.ts';
export type { Admission, AdmissionHooks, AdmissionRequest, Denial } from './admission.ts';
export type { FaultAction, FaultMatcher, Faults } from './faults.ts';
export type { ControllerLoop } from './controllers/loop.ts';
export type { KubeObject, ObjectMeta, OwnerReference } from '../store/object.ts';
export type { ObjectStore } from '../store/object-store.ts';
export type { Change } from '../store/history.ts';
