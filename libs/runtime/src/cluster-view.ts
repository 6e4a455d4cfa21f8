import type { KubeObject, ObjectName } from '#kubernetes';

/** What the watches have seen so far. May be behind the cluster: a hint where to look, never a proof. */
export interface ClusterView {
  resource(name: ObjectName): KubeObject | undefined;
  resourceByUid(uid: string): KubeObject | undefined;
  run(name: ObjectName): KubeObject | undefined;
  /** Task runs labelled with the run's name: its own, and those an earlier run of that name left. */
  taskRuns(runName: string): readonly KubeObject[];
}
