export type {
  Cluster,
  ClusterErrorCode,
  KubeObject,
  KubeObjectMeta,
  ListOptions,
  ObjectName,
  ObjectPage,
  OwnerReference,
  Patch,
  Propagation,
  ResourceType,
  WatchMessage,
  WatchOptions,
} from './cluster.ts';
export { ClusterError, EVENTS, LEASES, PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from './cluster.ts';
