/* eslint-disable */
// Generated from the service's OpenAPI document by `npm run wfe:schema`. Not edited by hand.

export interface paths {
  '/v1/executions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List
     * @description Executions that pass every filter, newest first.
     */
    get: operations['listExecutions'];
    put?: never;
    /**
     * Create
     * @description Accepts an execution. Answers when it is durably recorded; its run is created after that.
     */
    post: operations['createExecution'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/executions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * State
     * @description State now, or at a revision or time: the same fold over fewer events.
     */
    get: operations['getExecution'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/executions/{id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * History
     * @description Events of the execution in order, as they stand in the log, or as CloudEvents 1.0 by Accept.
     */
    get: operations['readEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/executions/{id}/sync': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sync
     * @description Looks at the cluster now and folds what is seen into the log. No news, no event.
     */
    post: operations['syncExecution'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/executions/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel
     * @description Asks the run to stop. Asking twice records nothing the second time.
     */
    post: operations['cancelExecution'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/executions/{id}/release': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Release
     * @description Gives the lock back before the cooldown is over, and removes the run.
     */
    post: operations['releaseExecution'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The log
     * @description Events of all executions that pass every filter, in the order of the log. Pages hold still while events arrive. With `Accept: text/event-stream` the events as they happen: after `Last-Event-ID`, else after `after`, else from now on.
     */
    get: operations['readLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/audit/verify': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Verify the log
     * @description Goes over the whole log once and says that nothing is missing or was changed, or the first place where that does not hold and what kind of damage it is. A damaged log is an answer like any other (200, `ok` false). Long logs take a while: with `Accept: application/x-ndjson` lines with `progress` come before the one with `report`. One at a time.
     */
    get: operations['verifyLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/config': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Effective configuration
     * @description Every key as it is used, without secrets, and what is running.
     */
    get: operations['readConfig'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /**
     * @example {
     *       "namespace": "payment",
     *       "name": "restart-payment-api",
     *       "spec": {
     *         "remediationRequestRef": {
     *           "name": "rr-payment-api-oom",
     *           "namespace": "kubernaut-system"
     *         },
     *         "workflowRef": {
     *           "workflowId": "restart-deployment",
     *           "version": "1.4.0",
     *           "containerImage": "registry.example.test/workflows/restart-deployment:1.4.0"
     *         },
     *         "targetResource": "payment/deployment/payment-api",
     *         "parameters": {
     *           "REPLICAS": "3"
     *         },
     *         "confidence": 0.92,
     *         "rationale": "The pods were killed for memory three times in ten minutes.",
     *         "executionConfig": {
     *           "timeout": "15m",
     *           "onConflict": "Wait"
     *         }
     *       }
     *     }
     */
    CreateExecutionRequest: {
      /** @description Where the WorkflowExecution resource is created. */
      namespace?: string;
      /** @description Its name; made from the execution id when absent. */
      name?: string;
      spec: components['schemas']['ExecutionSpec'];
    };
    /**
     * @description At most 131072 bytes of JSON.
     * @example {
     *       "remediationRequestRef": {
     *         "name": "rr-payment-api-oom",
     *         "namespace": "kubernaut-system"
     *       },
     *       "workflowRef": {
     *         "workflowId": "restart-deployment",
     *         "version": "1.4.0",
     *         "containerImage": "registry.example.test/workflows/restart-deployment:1.4.0"
     *       },
     *       "targetResource": "payment/deployment/payment-api",
     *       "parameters": {
     *         "REPLICAS": "3"
     *       },
     *       "confidence": 0.92,
     *       "rationale": "The pods were killed for memory three times in ten minutes.",
     *       "executionConfig": {
     *         "timeout": "15m",
     *         "onConflict": "Wait"
     *       }
     *     }
     */
    ExecutionSpec: {
      remediationRequestRef: {
        /** @description Correlation id of everything done for it. */
        name: string;
        namespace?: string;
        apiVersion?: string;
        kind?: string;
        uid?: string;
        resourceVersion?: string;
        fieldPath?: string;
      };
      workflowRef: {
        workflowId: string;
        version: string;
        /** @description OCI reference of the bundle. */
        containerImage: string;
        /** @description sha256: and 64 hex digits. */
        containerDigest?: string;
      };
      /** @description `namespace/kind/name`, or `kind/name` for a cluster-scoped target. Case matters. */
      targetResource: string;
      /** @description Passed to the pipeline byte for byte. */
      parameters?: {
        [key: string]: string;
      };
      confidence?: number;
      rationale?: string;
      executionConfig?: {
        serviceAccountName?: string;
        /**
         * @description Go duration, for example 1h15m.
         * @example 30m
         */
        timeout?: string;
        /** @enum {string} */
        onConflict?: 'Fail' | 'Skip' | 'Wait';
        workspaces?: {
          name: string;
          subPath?: string;
          emptyDir?: {
            [key: string]: unknown;
          };
          secret?: {
            [key: string]: unknown;
          };
          configMap?: {
            [key: string]: unknown;
          };
          persistentVolumeClaim?: {
            [key: string]: unknown;
          };
          volumeClaimTemplate?: {
            [key: string]: unknown;
          };
          projected?: {
            [key: string]: unknown;
          };
          csi?: {
            [key: string]: unknown;
          };
        }[];
      };
    };
    /**
     * @example {
     *       "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
     *       "resource": {
     *         "namespace": "payment",
     *         "name": "restart-payment-api"
     *       },
     *       "revision": 0,
     *       "position": "0198f6c26f0e:17"
     *     }
     */
    CreatedExecution: {
      executionId: string;
      resource: {
        namespace: string;
        name: string;
      };
      /** @description Of the newest event of the execution. */
      revision: number;
      /** @description Place in the whole log; opaque. */
      position: string;
    };
    /**
     * @example {
     *       "items": [
     *         {
     *           "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
     *           "resource": {
     *             "namespace": "payment",
     *             "name": "restart-payment-api"
     *           },
     *           "phase": "Running",
     *           "target": "payment/deployment/payment-api",
     *           "workflowId": "restart-deployment",
     *           "workflowVersion": "1.4.0",
     *           "remediationRequest": "rr-payment-api-oom",
     *           "run": {
     *             "namespace": "kubernaut-workflows",
     *             "name": "wfe-cf0cc089293b1165"
     *           },
     *           "lock": {
     *             "state": "Held"
     *           },
     *           "createdAt": "2026-11-20T10:15:01.204Z",
     *           "updatedAt": "2026-11-20T10:15:04.118Z",
     *           "startTime": "2026-11-20T10:15:02Z",
     *           "revision": 3
     *         }
     *       ],
     *       "next": "eyJjIjoiMjAyNi0xMS0yMFQxMDoxNTowMS4yMDRaIn0"
     *     }
     */
    ExecutionPage: {
      items: {
        executionId: string;
        resource: {
          namespace: string;
          name: string;
        };
        /** @enum {string} */
        phase: 'Pending' | 'Running' | 'Completed' | 'Failed' | 'Skipped';
        /** @enum {string} */
        outcome?: 'Success' | 'Failed' | 'Cancelled' | 'Skipped';
        reason?: string;
        target: string;
        workflowId: string;
        workflowVersion: string;
        remediationRequest: string;
        run: {
          namespace: string;
          name: string;
        };
        lock: {
          /** @enum {string} */
          state: 'None' | 'Waiting' | 'Held' | 'Releasing' | 'Released';
          /** Format: date-time */
          until?: string;
        };
        /** Format: date-time */
        createdAt: string;
        /** Format: date-time */
        updatedAt: string;
        /** Format: date-time */
        startTime?: string;
        /** Format: date-time */
        completionTime?: string;
        /** Format: date-time */
        finishedAt?: string;
        revision: number;
      }[];
      /** @description Give it as `cursor` to go on; absent on the last page. */
      next?: string;
    };
    /**
     * @example {
     *       "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
     *       "entry": "rest",
     *       "resource": {
     *         "namespace": "payment",
     *         "name": "restart-payment-api"
     *       },
     *       "spec": {
     *         "remediationRequestRef": {
     *           "name": "rr-payment-api-oom",
     *           "namespace": "kubernaut-system"
     *         },
     *         "workflowRef": {
     *           "workflowId": "restart-deployment",
     *           "version": "1.4.0",
     *           "containerImage": "registry.example.test/workflows/restart-deployment:1.4.0"
     *         },
     *         "targetResource": "payment/deployment/payment-api",
     *         "parameters": {
     *           "REPLICAS": "3"
     *         },
     *         "confidence": 0.92,
     *         "rationale": "The pods were killed for memory three times in ten minutes.",
     *         "executionConfig": {
     *           "timeout": "15m",
     *           "onConflict": "Wait"
     *         }
     *       },
     *       "settings": {
     *         "executionNamespace": "kubernaut-workflows",
     *         "pipelineName": "workflow",
     *         "serviceAccountName": "kubernaut-workflow-runner",
     *         "timeoutMs": 900000,
     *         "onConflict": "Wait",
     *         "cooldownMs": 300000
     *       },
     *       "runName": "wfe-cf0cc089293b1165",
     *       "createdAt": "2026-11-20T10:15:01.204Z",
     *       "updatedAt": "2026-11-20T10:15:04.118Z",
     *       "revision": 3,
     *       "position": "0198f6c26f0e:22",
     *       "status": {
     *         "phase": "Running",
     *         "message": "PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165 is running",
     *         "observedGeneration": 1,
     *         "startTime": "2026-11-20T10:15:02Z",
     *         "pipelineRunRef": {
     *           "apiVersion": "tekton.dev/v1",
     *           "kind": "PipelineRun",
     *           "namespace": "kubernaut-workflows",
     *           "name": "wfe-cf0cc089293b1165",
     *           "uid": "5d0a1f6e-3a3b-4f7d-8a55-0c9d1a3f2b11"
     *         },
     *         "pipelineRunStatus": {
     *           "status": "Unknown",
     *           "reason": "Running",
     *           "message": "Tasks Completed: 1 (Failed: 0, Cancelled 0), Incomplete: 1, Skipped: 0",
     *           "completedTasks": 1,
     *           "totalTasks": 2
     *         },
     *         "lock": {
     *           "state": "Held"
     *         },
     *         "execution": {
     *           "id": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
     *           "lastEvent": {
     *             "revision": 3,
     *             "type": "TaskStarted",
     *             "hash": "9f2c4e6a8b0d1f3e5a7c9b1d3f5e7a9c0b2d4f6e8a1c3e5b7d9f0a2c4e6b8d1f"
     *           }
     *         },
     *         "conditions": [
     *           {
     *             "type": "Succeeded",
     *             "status": "Unknown",
     *             "reason": "Running",
     *             "message": "the run has not ended",
     *             "lastTransitionTime": "2026-11-20T10:15:02Z"
     *           }
     *         ]
     *       }
     *     }
     */
    Execution: {
      executionId: string;
      resource: {
        namespace: string;
        name: string;
      };
      /** @description Of the newest event of the execution. */
      revision: number;
      /** @description Place in the whole log; opaque. */
      position: string;
      /** @enum {string} */
      entry: 'rest' | 'resource';
      spec: components['schemas']['AcceptedSpec'];
      /** @description What the configuration said when it was accepted. */
      settings: {
        executionNamespace: string;
        pipelineName: string;
        serviceAccountName: string;
        timeoutMs: number;
        /** @enum {string} */
        onConflict: 'Fail' | 'Skip' | 'Wait';
        cooldownMs: number;
      };
      runName: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
      cancellation?: {
        /** @enum {string} */
        mode: 'Graceful' | 'Immediate';
        /** Format: date-time */
        requestedAt: string;
        reason: string;
      };
      status: components['schemas']['ExecutionStatus'];
    };
    /** @description The spec as it was accepted, from whatever door. */
    AcceptedSpec: {
      remediationRequestRef: {
        name: string;
      } & {
        [key: string]: unknown;
      };
      workflowRef: {
        workflowId: string;
        version: string;
        containerImage: string;
      } & {
        [key: string]: unknown;
      };
      targetResource: string;
      parameters?: {
        [key: string]: string;
      };
      confidence?: number;
      rationale?: string;
      executionConfig?: {
        [key: string]: unknown;
      };
      /** @enum {string} */
      cancel?: 'Graceful' | 'Immediate';
    } & {
      [key: string]: unknown;
    };
    /**
     * @example {
     *       "phase": "Running",
     *       "message": "PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165 is running",
     *       "observedGeneration": 1,
     *       "startTime": "2026-11-20T10:15:02Z",
     *       "pipelineRunRef": {
     *         "apiVersion": "tekton.dev/v1",
     *         "kind": "PipelineRun",
     *         "namespace": "kubernaut-workflows",
     *         "name": "wfe-cf0cc089293b1165",
     *         "uid": "5d0a1f6e-3a3b-4f7d-8a55-0c9d1a3f2b11"
     *       },
     *       "pipelineRunStatus": {
     *         "status": "Unknown",
     *         "reason": "Running",
     *         "message": "Tasks Completed: 1 (Failed: 0, Cancelled 0), Incomplete: 1, Skipped: 0",
     *         "completedTasks": 1,
     *         "totalTasks": 2
     *       },
     *       "lock": {
     *         "state": "Held"
     *       },
     *       "execution": {
     *         "id": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
     *         "lastEvent": {
     *           "revision": 3,
     *           "type": "TaskStarted",
     *           "hash": "9f2c4e6a8b0d1f3e5a7c9b1d3f5e7a9c0b2d4f6e8a1c3e5b7d9f0a2c4e6b8d1f"
     *         }
     *       },
     *       "conditions": [
     *         {
     *           "type": "Succeeded",
     *           "status": "Unknown",
     *           "reason": "Running",
     *           "message": "the run has not ended",
     *           "lastTransitionTime": "2026-11-20T10:15:02Z"
     *         }
     *       ]
     *     }
     */
    ExecutionStatus: {
      /** @enum {string} */
      phase: 'Pending' | 'Running' | 'Completed' | 'Failed' | 'Skipped';
      /** @enum {string} */
      outcome?: 'Success' | 'Failed' | 'Cancelled' | 'Skipped';
      message: string;
      observedGeneration?: number;
      /** Format: date-time */
      startTime?: string;
      /** Format: date-time */
      completionTime?: string;
      duration?: string;
      pipelineRunRef?: {
        apiVersion: string;
        kind: string;
        namespace: string;
        name: string;
        uid: string;
      };
      pipelineRunStatus?: {
        status: string;
        reason: string;
        message: string;
        completedTasks: number;
        totalTasks: number;
      };
      failureDetails?: {
        /** @enum {string} */
        reason:
          | 'OOMKilled'
          | 'DeadlineExceeded'
          | 'Forbidden'
          | 'ResourceExhausted'
          | 'ConfigurationError'
          | 'ImagePullBackOff'
          | 'TaskFailed'
          | 'Cancelled'
          | 'PipelineRunDeleted'
          | 'ExecutionRaceCondition'
          | 'Unknown';
        message: string;
        failedTaskName?: string;
        failedTaskRunName?: string;
        failedTaskIndex?: number;
        failedStepName?: string;
        exitCode?: number;
        /** Format: date-time */
        failedAt: string;
        executionTimeBeforeFailure?: string;
        /** @description True exactly when a step of the workflow may have run: nothing may retry blindly. */
        wasExecutionFailure: boolean;
        naturalLanguageSummary: string;
      };
      skipDetails?: {
        /** @enum {string} */
        reason: 'ResourceBusy' | 'RecentlyRemediated';
        message: string;
        /** Format: date-time */
        skippedAt: string;
        holder: {
          namespace?: string;
          name?: string;
          executionId?: string;
          workflowId?: string;
        };
        /** Format: date-time */
        until?: string;
      };
      lock?: {
        /** @enum {string} */
        state: 'Waiting' | 'Held' | 'Released';
        holder?: {
          namespace?: string;
          name?: string;
          executionId?: string;
          workflowId?: string;
        };
        /** Format: date-time */
        until?: string;
      };
      execution: {
        id: string;
        lastEvent: {
          revision: number;
          type: string;
          hash: string;
        };
      };
      conditions: {
        type: string;
        /** @enum {string} */
        status: 'True' | 'False' | 'Unknown';
        reason: string;
        message: string;
        observedGeneration?: number;
        /** Format: date-time */
        lastTransitionTime: string;
      }[];
    };
    /**
     * @example {
     *       "items": [
     *         {
     *           "id": "7c9e6679-7425-50de-944b-e07fc1f90ae7",
     *           "stream": "workflowexecution-0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
     *           "revision": 1,
     *           "position": "0198f6c26f0e:18",
     *           "type": "PipelineRunCreated",
     *           "schemaVersion": 1,
     *           "data": {
     *             "run": {
     *               "namespace": "kubernaut-workflows",
     *               "name": "wfe-cf0cc089293b1165",
     *               "uid": "5d0a1f6e-3a3b-4f7d-8a55-0c9d1a3f2b11",
     *               "createdAt": "2026-11-20T10:15:02Z"
     *             },
     *             "adopted": false
     *           },
     *           "metadata": {
     *             "time": "2026-11-20T10:15:02.006Z",
     *             "actor": {
     *               "user": "workflow-execution-service"
     *             },
     *             "source": "driver",
     *             "commandId": "0198f6c2-71f6-7d2e-8a0c-55b1c2d3e4f5",
     *             "correlationId": "rr-payment-api-oom",
     *             "causationId": "6fa459ea-ee8a-5ca4-894e-db77e160355e"
     *           },
     *           "previousHash": "0000000000000000000000000000000000000000000000000000000000000000",
     *           "hash": "9f2c4e6a8b0d1f3e5a7c9b1d3f5e7a9c0b2d4f6e8a1c3e5b7d9f0a2c4e6b8d1f"
     *         }
     *       ],
     *       "next": 1
     *     }
     */
    EventPage: {
      items: {
        id: string;
        stream: string;
        revision: number;
        /** @description Place in the whole log; opaque. */
        position: string;
        type: string;
        schemaVersion: number;
        data: {
          [key: string]: unknown;
        };
        metadata: {
          /** Format: date-time */
          time: string;
          actor: {
            user: string;
            groups?: string[];
          };
          /** @enum {string} */
          source: 'rest' | 'resource' | 'scheduler' | 'driver';
          commandId: string;
          correlationId: string;
          causationId: string;
          traceparent?: string;
        };
        previousHash: string;
        /** @description sha256 over `previousHash` and the canonical JSON of the event. */
        hash: string;
      }[];
      /** @description Give it as `after` to go on; absent when nothing is left now. */
      next?: number;
    };
    /**
     * @example {
     *       "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
     *       "resource": {
     *         "namespace": "payment",
     *         "name": "restart-payment-api"
     *       },
     *       "revision": 4,
     *       "position": "0198f6c26f0e:23",
     *       "recorded": [
     *         "CancellationRequested"
     *       ]
     *     }
     */
    CommandAnswer: {
      executionId: string;
      resource: {
        namespace: string;
        name: string;
      };
      /** @description Of the newest event of the execution. */
      revision: number;
      /** @description Place in the whole log; opaque. */
      position: string;
      /** @description Types of the events this recorded; empty when nothing was new. */
      recorded: string[];
    };
    /**
     * @example {
     *       "mode": "Graceful",
     *       "reason": "the alert has cleared"
     *     }
     */
    CancelExecutionRequest: {
      /**
       * @description Graceful lets `finally` tasks run.
       * @enum {string}
       */
      mode: 'Graceful' | 'Immediate';
      /** @description Kept in the history. */
      reason: string;
    };
    /**
     * @example {
     *       "reason": "the target was replaced"
     *     }
     */
    ReleaseExecutionRequest: {
      /** @description Kept in the history. */
      reason: string;
    };
    /**
     * @example {
     *       "items": [
     *         {
     *           "id": "7c9e6679-7425-50de-944b-e07fc1f90ae7",
     *           "stream": "workflowexecution-0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
     *           "revision": 1,
     *           "position": "0198f6c26f0e:18",
     *           "type": "PipelineRunCreated",
     *           "schemaVersion": 1,
     *           "data": {
     *             "run": {
     *               "namespace": "kubernaut-workflows",
     *               "name": "wfe-cf0cc089293b1165",
     *               "uid": "5d0a1f6e-3a3b-4f7d-8a55-0c9d1a3f2b11",
     *               "createdAt": "2026-11-20T10:15:02Z"
     *             },
     *             "adopted": false
     *           },
     *           "metadata": {
     *             "time": "2026-11-20T10:15:02.006Z",
     *             "actor": {
     *               "user": "workflow-execution-service"
     *             },
     *             "source": "driver",
     *             "commandId": "0198f6c2-71f6-7d2e-8a0c-55b1c2d3e4f5",
     *             "correlationId": "rr-payment-api-oom",
     *             "causationId": "6fa459ea-ee8a-5ca4-894e-db77e160355e"
     *           },
     *           "previousHash": "0000000000000000000000000000000000000000000000000000000000000000",
     *           "hash": "9f2c4e6a8b0d1f3e5a7c9b1d3f5e7a9c0b2d4f6e8a1c3e5b7d9f0a2c4e6b8d1f"
     *         }
     *       ],
     *       "next": "WyJsb2cxIiwiZm9yd2FyZHMiLCJzMTowMTk4ZjZjMjZmMGU6MTgiXQ",
     *       "end": false,
     *       "position": "0198f6c26f0e:18"
     *     }
     */
    LogPage: {
      items: {
        id: string;
        stream: string;
        revision: number;
        /** @description Place in the whole log; opaque. */
        position: string;
        type: string;
        schemaVersion: number;
        data: {
          [key: string]: unknown;
        };
        metadata: {
          /** Format: date-time */
          time: string;
          actor: {
            user: string;
            groups?: string[];
          };
          /** @enum {string} */
          source: 'rest' | 'resource' | 'scheduler' | 'driver';
          commandId: string;
          correlationId: string;
          causationId: string;
          traceparent?: string;
        };
        previousHash: string;
        /** @description sha256 over `previousHash` and the canonical JSON of the event. */
        hash: string;
      }[];
      /** @description Give it as `cursor` to go on; absent when nothing was left. */
      next?: string;
      /** @description True when nothing was left. A page may be short without being the last. */
      end: boolean;
      /** @description Looked at up to here: give it as `after` when more was recorded. */
      position: string;
    };
    /**
     * @example {
     *       "ok": true,
     *       "events": 10000,
     *       "streams": 1204,
     *       "seals": 6,
     *       "head": {
     *         "position": "s1:0198f6c26f0e:10000",
     *         "seal": {
     *           "number": 5,
     *           "total": 9520,
     *           "sealHash": "5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d",
     *           "keyId": "3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a"
     *         },
     *         "unsealed": 480,
     *         "published": 2
     *       },
     *       "anchor": {
     *         "kind": "published-head",
     *         "keyId": "3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a"
     *       },
     *       "witnesses": 12,
     *       "acceptedRollbacks": 0
     *     }
     */
    VerificationReport: {
      ok: boolean;
      /** @description Looked at, and good: all, or those before the first damage. */
      events: number;
      streams: number;
      /** @description Seals whose events are all there as sealed. */
      seals: number;
      head: {
        /** @description Place in the whole log; opaque. */
        position: string;
        /** @description The newest one; `total` is how many events it and those before it cover. */
        seal?: {
          number: number;
          total: number;
          sealHash: string;
          keyId: string;
        };
        /** @description Newest events that no seal covers yet. */
        unsealed: number;
        /** @description Seals published elsewhere that are in the log as they were published. */
        published: number;
      };
      /** @description Who vouches for the key of the newest seal. */
      anchor: {
        /** @enum {string} */
        kind: 'given-key' | 'published-head' | 'own-key' | 'nobody';
        keyId?: string;
      };
      /** @description Resources whose newest event shown is in the log as they show it. */
      witnesses: number;
      /** @description Times somebody accepted that the log does not bear a published seal out. */
      acceptedRollbacks: number;
      firstDamage?: {
        /** @enum {string} */
        kind:
          | 'Changed'
          | 'Missing'
          | 'Inserted'
          | 'Duplicated'
          | 'Reordered'
          | 'Rechained'
          | 'AlgorithmDowngraded'
          | 'Rewritten'
          | 'SealBroken'
          | 'SealMissing'
          | 'KeyUnproven'
          | 'TailCut'
          | 'RolledBack'
          | 'StreamMissing'
          | 'Unreadable'
          | 'StoreDamaged'
          | 'StoreReplaced';
        /** @description The first at which it shows, where it has one. */
        position?: string;
        stream?: string;
        revision?: number;
        expected: string;
        found: string;
        /** @description For people: what it means. */
        explanation: string;
      };
    };
    /**
     * @example {
     *       "version": "0.1.0",
     *       "commit": "1f2e3d4c5b6a",
     *       "config": {
     *         "execution": {
     *           "cooldown": "5m"
     *         },
     *         "http": {
     *           "port": 8080
     *         }
     *       }
     *     }
     */
    EffectiveConfig: {
      version: string;
      commit: string;
      config: {
        [key: string]: {
          [key: string]: string | number | string[] | null;
        };
      };
    };
    /** @description RFC 9457 problem details. */
    Problem: {
      /** @description A URN that ends with the code. */
      type: string;
      title: string;
      status: number;
      /** @description What was expected, what was found, what to do. */
      detail: string;
      /** @description Path of the request. */
      instance: string;
      /**
       * @description Stable; programs decide by it.
       * @enum {string}
       */
      code:
        | 'validation-failed'
        | 'malformed-json'
        | 'malformed-request'
        | 'cursor-invalid'
        | 'position-unknown'
        | 'route-unknown'
        | 'execution-unknown'
        | 'method-not-allowed'
        | 'not-acceptable'
        | 'request-timeout'
        | 'spec-changed'
        | 'run-unfinished'
        | 'cooldown-not-over'
        | 'execution-finished'
        | 'resource-exists'
        | 'body-too-large'
        | 'event-too-large'
        | 'unsupported-media-type'
        | 'spec-refused'
        | 'idempotency-key-reused'
        | 'limit-exceeded'
        | 'content-refused'
        | 'namespace-not-watched'
        | 'internal-error'
        | 'store-unavailable'
        | 'perhaps-applied'
        | 'too-contended'
        | 'too-many-streams'
        | 'shutting-down';
      /** @description Finds the request in the log of the service. */
      requestId: string;
      errors?: {
        path: string;
        message: string;
      }[];
    };
    /**
     * @example {
     *       "specversion": "1.0",
     *       "id": "7c9e6679-7425-50de-944b-e07fc1f90ae7",
     *       "source": "urn:uuid:0198f6c2-6f0e-4c3a-9d55-3f1f0a6b7c21",
     *       "type": "ai.kubernaut.workflowexecution.LockReleased",
     *       "subject": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
     *       "time": "2026-11-20T10:20:09.006Z",
     *       "datacontenttype": "application/json",
     *       "dataschema": "urn:workflow-execution:event:LockReleased:1",
     *       "data": {
     *         "cause": "CooldownOver"
     *       },
     *       "position": "s1:0198f6c26f0e:31",
     *       "revision": 9,
     *       "sequence": "0000000009",
     *       "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
     *       "previoushash": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
     *       "actor": "workflow-execution-service",
     *       "origin": "driver",
     *       "commandid": "0198f6c2-71f6-7d2e-8a0c-55b1c2d3e4f5",
     *       "correlationid": "rr-payment-api-oom",
     *       "causationid": "6fa459ea-ee8a-5ca4-894e-db77e160355e"
     *     }
     */
    CloudEvent: {
      /** @constant */
      specversion: '1.0';
      id: string;
      /** @description With `id` unique for good. */
      source: string;
      type: string;
      /** @description Id of the execution. */
      subject: string;
      /** Format: date-time */
      time: string;
      /** @constant */
      datacontenttype: 'application/json';
      /** @description Type and schema version. */
      dataschema: string;
      data: {
        [key: string]: unknown;
      };
      /** @description Place in the whole log; opaque. */
      position: string;
      revision: number;
      /** @description The revision as a text that sorts. */
      sequence: string;
      hash: string;
      previoushash: string;
      actor?: string;
      /** @description `metadata.source` of the event. */
      origin?: string;
      commandid?: string;
      correlationid?: string;
      causationid?: string;
      traceparent?: string;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listExecutions: {
    parameters: {
      query?: {
        phase?: 'Pending' | 'Running' | 'Completed' | 'Failed' | 'Skipped';
        outcome?: 'Success' | 'Failed' | 'Cancelled' | 'Skipped';
        target?: string;
        workflowId?: string;
        namespace?: string;
        remediationRequest?: string;
        /** @description Created at or after. */
        from?: string;
        /** @description Created before. */
        to?: string;
        limit?: number;
        /** @description `next` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *           "resource": {
           *             "namespace": "payment",
           *             "name": "restart-payment-api"
           *           },
           *           "phase": "Running",
           *           "target": "payment/deployment/payment-api",
           *           "workflowId": "restart-deployment",
           *           "workflowVersion": "1.4.0",
           *           "remediationRequest": "rr-payment-api-oom",
           *           "run": {
           *             "namespace": "kubernaut-workflows",
           *             "name": "wfe-cf0cc089293b1165"
           *           },
           *           "lock": {
           *             "state": "Held"
           *           },
           *           "createdAt": "2026-11-20T10:15:01.204Z",
           *           "updatedAt": "2026-11-20T10:15:04.118Z",
           *           "startTime": "2026-11-20T10:15:02Z",
           *           "revision": 3
           *         }
           *       ],
           *       "next": "eyJjIjoiMjAyNi0xMS0yMFQxMDoxNTowMS4yMDRaIn0"
           *     }
           */
          'application/json': components['schemas']['ExecutionPage'];
        };
      };
      /** @description The request is not as expected; The cursor was not given by this list */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong here */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The event log cannot be written; nothing was done; The service is stopping; nothing was done */
      503: {
        headers: {
          /** @description Seconds to wait. */
          'Retry-After'?: number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createExecution: {
    parameters: {
      query?: never;
      header?: {
        /** @description Same key and request: the first answer again. Same key, another request: 422. */
        'Idempotency-Key'?: string;
        /** @description W3C trace context, kept with the events; ignored when it is not valid. */
        traceparent?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateExecutionRequest'];
      };
    };
    responses: {
      /** @description Accepted before, with the same Idempotency-Key. */
      200: {
        headers: {
          /** @description Path of the execution. */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *       "resource": {
           *         "namespace": "payment",
           *         "name": "restart-payment-api"
           *       },
           *       "revision": 0,
           *       "position": "0198f6c26f0e:17"
           *     }
           */
          'application/json': components['schemas']['CreatedExecution'];
        };
      };
      /** @description Accepted. */
      201: {
        headers: {
          /** @description Path of the execution. */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *       "resource": {
           *         "namespace": "payment",
           *         "name": "restart-payment-api"
           *       },
           *       "revision": 0,
           *       "position": "0198f6c26f0e:17"
           *     }
           */
          'application/json': components['schemas']['CreatedExecution'];
        };
      };
      /** @description The request is not as expected; The body is no JSON that can be read; The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The execution was accepted with another spec; A WorkflowExecution of that name exists */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large; The request would make an event that is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is in a form that is not understood */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A limit of the event log was passed; The event log cannot keep this content; The spec cannot be run; The Idempotency-Key was used for another request; The namespace is not served */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong here */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The event log cannot be written; nothing was done; Perhaps done: repeat with the same Idempotency-Key; Too many changes at once; nothing was done; The service is stopping; nothing was done */
      503: {
        headers: {
          /** @description Seconds to wait. */
          'Retry-After'?: number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getExecution: {
    parameters: {
      query?: {
        /** @description A revision, or a time: the state then. */
        at?: string;
      };
      header?: never;
      path: {
        /** @description Execution id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The execution. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *       "entry": "rest",
           *       "resource": {
           *         "namespace": "payment",
           *         "name": "restart-payment-api"
           *       },
           *       "spec": {
           *         "remediationRequestRef": {
           *           "name": "rr-payment-api-oom",
           *           "namespace": "kubernaut-system"
           *         },
           *         "workflowRef": {
           *           "workflowId": "restart-deployment",
           *           "version": "1.4.0",
           *           "containerImage": "registry.example.test/workflows/restart-deployment:1.4.0"
           *         },
           *         "targetResource": "payment/deployment/payment-api",
           *         "parameters": {
           *           "REPLICAS": "3"
           *         },
           *         "confidence": 0.92,
           *         "rationale": "The pods were killed for memory three times in ten minutes.",
           *         "executionConfig": {
           *           "timeout": "15m",
           *           "onConflict": "Wait"
           *         }
           *       },
           *       "settings": {
           *         "executionNamespace": "kubernaut-workflows",
           *         "pipelineName": "workflow",
           *         "serviceAccountName": "kubernaut-workflow-runner",
           *         "timeoutMs": 900000,
           *         "onConflict": "Wait",
           *         "cooldownMs": 300000
           *       },
           *       "runName": "wfe-cf0cc089293b1165",
           *       "createdAt": "2026-11-20T10:15:01.204Z",
           *       "updatedAt": "2026-11-20T10:15:04.118Z",
           *       "revision": 3,
           *       "position": "0198f6c26f0e:22",
           *       "status": {
           *         "phase": "Running",
           *         "message": "PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165 is running",
           *         "observedGeneration": 1,
           *         "startTime": "2026-11-20T10:15:02Z",
           *         "pipelineRunRef": {
           *           "apiVersion": "tekton.dev/v1",
           *           "kind": "PipelineRun",
           *           "namespace": "kubernaut-workflows",
           *           "name": "wfe-cf0cc089293b1165",
           *           "uid": "5d0a1f6e-3a3b-4f7d-8a55-0c9d1a3f2b11"
           *         },
           *         "pipelineRunStatus": {
           *           "status": "Unknown",
           *           "reason": "Running",
           *           "message": "Tasks Completed: 1 (Failed: 0, Cancelled 0), Incomplete: 1, Skipped: 0",
           *           "completedTasks": 1,
           *           "totalTasks": 2
           *         },
           *         "lock": {
           *           "state": "Held"
           *         },
           *         "execution": {
           *           "id": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *           "lastEvent": {
           *             "revision": 3,
           *             "type": "TaskStarted",
           *             "hash": "9f2c4e6a8b0d1f3e5a7c9b1d3f5e7a9c0b2d4f6e8a1c3e5b7d9f0a2c4e6b8d1f"
           *           }
           *         },
           *         "conditions": [
           *           {
           *             "type": "Succeeded",
           *             "status": "Unknown",
           *             "reason": "Running",
           *             "message": "the run has not ended",
           *             "lastTransitionTime": "2026-11-20T10:15:02Z"
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': components['schemas']['Execution'];
        };
      };
      /** @description The request is not as expected */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such execution */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong here */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The event log cannot be written; nothing was done; The service is stopping; nothing was done */
      503: {
        headers: {
          /** @description Seconds to wait. */
          'Retry-After'?: number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readEvents: {
    parameters: {
      query?: {
        /** @description Revision to go on after; -1 is the beginning. */
        after?: number;
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Execution id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Events. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "id": "7c9e6679-7425-50de-944b-e07fc1f90ae7",
           *           "stream": "workflowexecution-0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *           "revision": 1,
           *           "position": "0198f6c26f0e:18",
           *           "type": "PipelineRunCreated",
           *           "schemaVersion": 1,
           *           "data": {
           *             "run": {
           *               "namespace": "kubernaut-workflows",
           *               "name": "wfe-cf0cc089293b1165",
           *               "uid": "5d0a1f6e-3a3b-4f7d-8a55-0c9d1a3f2b11",
           *               "createdAt": "2026-11-20T10:15:02Z"
           *             },
           *             "adopted": false
           *           },
           *           "metadata": {
           *             "time": "2026-11-20T10:15:02.006Z",
           *             "actor": {
           *               "user": "workflow-execution-service"
           *             },
           *             "source": "driver",
           *             "commandId": "0198f6c2-71f6-7d2e-8a0c-55b1c2d3e4f5",
           *             "correlationId": "rr-payment-api-oom",
           *             "causationId": "6fa459ea-ee8a-5ca4-894e-db77e160355e"
           *           },
           *           "previousHash": "0000000000000000000000000000000000000000000000000000000000000000",
           *           "hash": "9f2c4e6a8b0d1f3e5a7c9b1d3f5e7a9c0b2d4f6e8a1c3e5b7d9f0a2c4e6b8d1f"
           *         }
           *       ],
           *       "next": 1
           *     }
           */
          'application/json': components['schemas']['EventPage'];
          /**
           * @example [
           *       {
           *         "specversion": "1.0",
           *         "id": "7c9e6679-7425-50de-944b-e07fc1f90ae7",
           *         "source": "urn:uuid:0198f6c2-6f0e-4c3a-9d55-3f1f0a6b7c21",
           *         "type": "ai.kubernaut.workflowexecution.LockReleased",
           *         "subject": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *         "time": "2026-11-20T10:20:09.006Z",
           *         "datacontenttype": "application/json",
           *         "dataschema": "urn:workflow-execution:event:LockReleased:1",
           *         "data": {
           *           "cause": "CooldownOver"
           *         },
           *         "position": "s1:0198f6c26f0e:31",
           *         "revision": 9,
           *         "sequence": "0000000009",
           *         "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
           *         "previoushash": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
           *         "actor": "workflow-execution-service",
           *         "origin": "driver",
           *         "commandid": "0198f6c2-71f6-7d2e-8a0c-55b1c2d3e4f5",
           *         "correlationid": "rr-payment-api-oom",
           *         "causationid": "6fa459ea-ee8a-5ca4-894e-db77e160355e"
           *       }
           *     ]
           */
          'application/cloudevents-batch+json': components['schemas']['CloudEvent'][];
        };
      };
      /** @description The request is not as expected */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such execution */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The answer cannot be had in such a form */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong here */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The event log cannot be written; nothing was done; The service is stopping; nothing was done */
      503: {
        headers: {
          /** @description Seconds to wait. */
          'Retry-After'?: number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  syncExecution: {
    parameters: {
      query?: never;
      header?: {
        /** @description W3C trace context, kept with the events; ignored when it is not valid. */
        traceparent?: string;
      };
      path: {
        /** @description Execution id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *       "resource": {
           *         "namespace": "payment",
           *         "name": "restart-payment-api"
           *       },
           *       "revision": 4,
           *       "position": "0198f6c26f0e:23",
           *       "recorded": [
           *         "CancellationRequested"
           *       ]
           *     }
           */
          'application/json': components['schemas']['CommandAnswer'];
        };
      };
      /** @description The request is not as expected; The body is no JSON that can be read; The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such execution */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large; The request would make an event that is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is in a form that is not understood */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A limit of the event log was passed; The event log cannot keep this content */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong here */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The event log cannot be written; nothing was done; Perhaps done: repeat with the same Idempotency-Key; Too many changes at once; nothing was done; The service is stopping; nothing was done */
      503: {
        headers: {
          /** @description Seconds to wait. */
          'Retry-After'?: number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelExecution: {
    parameters: {
      query?: never;
      header?: {
        /** @description W3C trace context, kept with the events; ignored when it is not valid. */
        traceparent?: string;
      };
      path: {
        /** @description Execution id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CancelExecutionRequest'];
      };
    };
    responses: {
      /** @description Asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *       "resource": {
           *         "namespace": "payment",
           *         "name": "restart-payment-api"
           *       },
           *       "revision": 4,
           *       "position": "0198f6c26f0e:23",
           *       "recorded": [
           *         "CancellationRequested"
           *       ]
           *     }
           */
          'application/json': components['schemas']['CommandAnswer'];
        };
      };
      /** @description The request is not as expected; The body is no JSON that can be read; The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such execution */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The execution has ended */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large; The request would make an event that is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is in a form that is not understood */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A limit of the event log was passed; The event log cannot keep this content */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong here */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The event log cannot be written; nothing was done; Perhaps done: repeat with the same Idempotency-Key; Too many changes at once; nothing was done; The service is stopping; nothing was done */
      503: {
        headers: {
          /** @description Seconds to wait. */
          'Retry-After'?: number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  releaseExecution: {
    parameters: {
      query?: never;
      header?: {
        /** @description W3C trace context, kept with the events; ignored when it is not valid. */
        traceparent?: string;
      };
      path: {
        /** @description Execution id. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReleaseExecutionRequest'];
      };
    };
    responses: {
      /** @description Asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *       "resource": {
           *         "namespace": "payment",
           *         "name": "restart-payment-api"
           *       },
           *       "revision": 4,
           *       "position": "0198f6c26f0e:23",
           *       "recorded": [
           *         "CancellationRequested"
           *       ]
           *     }
           */
          'application/json': components['schemas']['CommandAnswer'];
        };
      };
      /** @description The request is not as expected; The body is no JSON that can be read; The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such execution */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The run has not ended; The cooldown is not over */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large; The request would make an event that is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is in a form that is not understood */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A limit of the event log was passed; The event log cannot keep this content */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong here */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The event log cannot be written; nothing was done; Perhaps done: repeat with the same Idempotency-Key; Too many changes at once; nothing was done; The service is stopping; nothing was done */
      503: {
        headers: {
          /** @description Seconds to wait. */
          'Retry-After'?: number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readLog: {
    parameters: {
      query?: {
        /** @description Type of the event; repeat it for more than one. */
        type?:
          | (
              | 'ExecutionCreated'
              | 'ResourceBound'
              | 'ExecutionQueued'
              | 'ExecutionSkipped'
              | 'ExecutionDelayed'
              | 'PipelineRunCreated'
              | 'PipelineRunProgressed'
              | 'TaskStarted'
              | 'TaskFinished'
              | 'RunOverdue'
              | 'CancellationRequested'
              | 'ExecutionCompleted'
              | 'ExecutionFailed'
              | 'ExecutionCancelled'
              | 'ReleaseRequested'
              | 'LockReleased'
              | 'ResourceDeletionRequested'
              | 'ResourceRemoved'
              | 'ResourceLetGo'
              | 'PruningRequested'
              | 'StatusDriftCorrected'
              | 'ContradictionObserved'
              | 'StrayRunRemoved'
            )
          | (
              | 'ExecutionCreated'
              | 'ResourceBound'
              | 'ExecutionQueued'
              | 'ExecutionSkipped'
              | 'ExecutionDelayed'
              | 'PipelineRunCreated'
              | 'PipelineRunProgressed'
              | 'TaskStarted'
              | 'TaskFinished'
              | 'RunOverdue'
              | 'CancellationRequested'
              | 'ExecutionCompleted'
              | 'ExecutionFailed'
              | 'ExecutionCancelled'
              | 'ReleaseRequested'
              | 'LockReleased'
              | 'ResourceDeletionRequested'
              | 'ResourceRemoved'
              | 'ResourceLetGo'
              | 'PruningRequested'
              | 'StatusDriftCorrected'
              | 'ContradictionObserved'
              | 'StrayRunRemoved'
            )[];
        execution?: string;
        /** @description `targetResource` of its execution. */
        target?: string;
        workflowId?: string;
        /** @description User in whose name it was recorded. */
        actor?: string;
        /** @description The event that ended an execution so, and those after it. */
        outcome?: 'Success' | 'Failed' | 'Cancelled' | 'Skipped';
        /** @description Correlation id. */
        remediationRequest?: string;
        /** @description Decided at or after. */
        from?: string;
        /** @description Decided before. */
        to?: string;
        /** @description Of the log; oldest first unless `desc`. */
        order?: 'asc' | 'desc';
        /** @description Events in a page; 100 unless given. */
        limit?: number;
        /** @description `next` of the page before. */
        cursor?: string;
        /** @description A position, or `start`: events after it (with `order=desc`: before it). */
        after?: string;
        /** @description What `data` holds in a stream; for `text/event-stream` only. */
        format?: 'json' | 'cloudevents';
      };
      header?: {
        /** @description With `text/event-stream`: the last `id` that was received. */
        'Last-Event-ID'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page, or a stream. */
      200: {
        headers: {
          /** @description With CloudEvents: address of the next page, `rel="next"`. */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "id": "7c9e6679-7425-50de-944b-e07fc1f90ae7",
           *           "stream": "workflowexecution-0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *           "revision": 1,
           *           "position": "0198f6c26f0e:18",
           *           "type": "PipelineRunCreated",
           *           "schemaVersion": 1,
           *           "data": {
           *             "run": {
           *               "namespace": "kubernaut-workflows",
           *               "name": "wfe-cf0cc089293b1165",
           *               "uid": "5d0a1f6e-3a3b-4f7d-8a55-0c9d1a3f2b11",
           *               "createdAt": "2026-11-20T10:15:02Z"
           *             },
           *             "adopted": false
           *           },
           *           "metadata": {
           *             "time": "2026-11-20T10:15:02.006Z",
           *             "actor": {
           *               "user": "workflow-execution-service"
           *             },
           *             "source": "driver",
           *             "commandId": "0198f6c2-71f6-7d2e-8a0c-55b1c2d3e4f5",
           *             "correlationId": "rr-payment-api-oom",
           *             "causationId": "6fa459ea-ee8a-5ca4-894e-db77e160355e"
           *           },
           *           "previousHash": "0000000000000000000000000000000000000000000000000000000000000000",
           *           "hash": "9f2c4e6a8b0d1f3e5a7c9b1d3f5e7a9c0b2d4f6e8a1c3e5b7d9f0a2c4e6b8d1f"
           *         }
           *       ],
           *       "next": "WyJsb2cxIiwiZm9yd2FyZHMiLCJzMTowMTk4ZjZjMjZmMGU6MTgiXQ",
           *       "end": false,
           *       "position": "0198f6c26f0e:18"
           *     }
           */
          'application/json': components['schemas']['LogPage'];
          /**
           * @example [
           *       {
           *         "specversion": "1.0",
           *         "id": "7c9e6679-7425-50de-944b-e07fc1f90ae7",
           *         "source": "urn:uuid:0198f6c2-6f0e-4c3a-9d55-3f1f0a6b7c21",
           *         "type": "ai.kubernaut.workflowexecution.LockReleased",
           *         "subject": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *         "time": "2026-11-20T10:20:09.006Z",
           *         "datacontenttype": "application/json",
           *         "dataschema": "urn:workflow-execution:event:LockReleased:1",
           *         "data": {
           *           "cause": "CooldownOver"
           *         },
           *         "position": "s1:0198f6c26f0e:31",
           *         "revision": 9,
           *         "sequence": "0000000009",
           *         "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
           *         "previoushash": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
           *         "actor": "workflow-execution-service",
           *         "origin": "driver",
           *         "commandid": "0198f6c2-71f6-7d2e-8a0c-55b1c2d3e4f5",
           *         "correlationid": "rr-payment-api-oom",
           *         "causationid": "6fa459ea-ee8a-5ca4-894e-db77e160355e"
           *       }
           *     ]
           */
          'application/cloudevents-batch+json': components['schemas']['CloudEvent'][];
          /**
           * @example id: 0198f6c26f0e:18
           *     event: PipelineRunCreated
           *     data: {"id":"7c9e6679-7425-50de-944b-e07fc1f90ae7","stream":"workflowexecution-0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21","revision":1,"position":"0198f6c26f0e:18","type":"PipelineRunCreated","schemaVersion":1,"data":{"run":{"namespace":"kubernaut-workflows","name":"wfe-cf0cc089293b1165","uid":"5d0a1f6e-3a3b-4f7d-8a55-0c9d1a3f2b11","createdAt":"2026-11-20T10:15:02Z"},"adopted":false},"metadata":{"time":"2026-11-20T10:15:02.006Z","actor":{"user":"workflow-execution-service"},"source":"driver","commandId":"0198f6c2-71f6-7d2e-8a0c-55b1c2d3e4f5","correlationId":"rr-payment-api-oom","causationId":"6fa459ea-ee8a-5ca4-894e-db77e160355e"},"previousHash":"0000000000000000000000000000000000000000000000000000000000000000","hash":"9f2c4e6a8b0d1f3e5a7c9b1d3f5e7a9c0b2d4f6e8a1c3e5b7d9f0a2c4e6b8d1f"}
           */
          'text/event-stream': string;
        };
      };
      /** @description The request is not as expected; The cursor was not given by this list; The position was not given by this log */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The answer cannot be had in such a form */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong here */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The event log cannot be written; nothing was done; Too many long answers are being sent already; The service is stopping; nothing was done */
      503: {
        headers: {
          /** @description Seconds to wait. */
          'Retry-After'?: number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  verifyLog: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was found. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "ok": true,
           *       "events": 10000,
           *       "streams": 1204,
           *       "seals": 6,
           *       "head": {
           *         "position": "s1:0198f6c26f0e:10000",
           *         "seal": {
           *           "number": 5,
           *           "total": 9520,
           *           "sealHash": "5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d",
           *           "keyId": "3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a"
           *         },
           *         "unsealed": 480,
           *         "published": 2
           *       },
           *       "anchor": {
           *         "kind": "published-head",
           *         "keyId": "3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a"
           *       },
           *       "witnesses": 12,
           *       "acceptedRollbacks": 0
           *     }
           */
          'application/json': components['schemas']['VerificationReport'];
          /**
           * @example {"progress":{"events":4000,"seals":2,"position":"s1:0198f6c26f0e:4000"}}
           *     {"report":{"ok":true,"events":10000,"streams":1204,"seals":6,"head":{"position":"s1:0198f6c26f0e:10000","seal":{"number":5,"total":9520,"sealHash":"5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d","keyId":"3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a"},"unsealed":480,"published":2},"anchor":{"kind":"published-head","keyId":"3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a"},"witnesses":12,"acceptedRollbacks":0}}
           */
          'application/x-ndjson': string;
        };
      };
      /** @description The request is not as expected */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The answer cannot be had in such a form */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong here */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The event log cannot be written; nothing was done; Too many long answers are being sent already; The service is stopping; nothing was done */
      503: {
        headers: {
          /** @description Seconds to wait. */
          'Retry-After'?: number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readConfig: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The configuration. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "version": "0.1.0",
           *       "commit": "1f2e3d4c5b6a",
           *       "config": {
           *         "execution": {
           *           "cooldown": "5m"
           *         },
           *         "http": {
           *           "port": 8080
           *         }
           *       }
           *     }
           */
          'application/json': components['schemas']['EffectiveConfig'];
        };
      };
      /** @description Something went wrong here */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service is stopping; nothing was done */
      503: {
        headers: {
          /** @description Seconds to wait. */
          'Retry-After'?: number;
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
