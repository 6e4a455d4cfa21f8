export type {
  Cluster,
  ClusterErrorCode,
  ConfigMapObject,
  KubeObject,
  KubeObjectMeta,
  ListOptions,
  ObjectName,
  ObjectPage,
  OwnerReference,
  Patch,
  Propagation,
  ResourceType,
  SecretObject,
  WatchMessage,
  WatchOptions,
} from './cluster.ts';
export {
  ClusterError,
  CONFIG_MAPS,
  EVENTS,
  LEASES,
  PIPELINE_RUNS,
  SECRETS,
  TASK_RUNS,
  WORKFLOW_EXECUTIONS,
} from './cluster.ts';
export { systemClock, VirtualClock, type Clock } from './clock.ts';
export { connectCluster, type ConnectOptions } from './client/connect.ts';
export type { ClusterConnection, RawAnswer, RawRequest, RequestRecord, Verb } from './client/connection.ts';
export { Informer, type InformerNews, type InformerOptions } from './informer/informer.ts';
export { REFLECTOR_LIMITS, type ReflectorLimits, type Selection } from './informer/reflector.ts';
export type { Change, IndexFunction } from './informer/object-cache.ts';
export { LeaderElection, type LeaderElectionOptions } from './lease/leader-election.ts';
export type { LeadershipNews, LeaseAction, LeaseFailure } from './lease/leadership-news.ts';
export type { LossReason, Term } from './lease/term.ts';
export { fenced, NotLeaderError } from './lease/fenced-cluster.ts';
export { MemoryCluster, type MemoryClusterOptions } from './memory/memory-cluster.ts';
export {
  PRODUCT_TYPES,
  type Admission,
  type AdmissionDenial,
  type AdmissionRequest,
  type ServedType,
} from './memory/served-type.ts';
