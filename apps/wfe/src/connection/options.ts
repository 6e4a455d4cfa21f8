/** Options every command has; where they are absent, the environment is asked, then the kubeconfig. */
export interface ConnectionOptions {
  readonly server?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly service?: string;
  /** Milliseconds. */
  readonly requestTimeout: number;
}
