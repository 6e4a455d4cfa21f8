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
     * @description Executions that pass every filter, newest first; with `at`, as they stood at that moment (a page may then be short without being the last).
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
  '/v1/executions/{id}/history': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * History for people
     * @description What happened in sentences, by whom and through which door, what led to it, and how long it took.
     */
    get: operations['readHistory'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/executions/{id}/diff': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Difference of two points
     * @description What changed between two revisions or times, field by field; by default, what the newest event changed.
     */
    get: operations['compareStates'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/executions/{id}/causes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Causes of an event
     * @description From an event back to the command that began it all: who gave it, and through which door.
     */
    get: operations['readCauses'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/executions/{id}/why': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Why it is so
     * @description Why the execution is as it is, or was then, in sentences: what led to it, who was behind it, what is next.
     */
    get: operations['explainState'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/targets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Targets
     * @description Targets that have, or had, an execution, by name: who has the lock, and how many wait for it.
     */
    get: operations['listTargets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/targets/{target}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Target
     * @description Who has the lock on a target, who waits for it, and its executions; now, or at a moment. Slashes in its name may be written as they are or as %2F. A target nobody ever asked for is free.
     */
    get: operations['getTarget'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/preflight': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Preflight
     * @description May this workflow run on this target, and if not, why and until when. It only answers: the caller decides.
     */
    post: operations['preflight'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/audit/replay-check': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What-if replay
     * @description Folds the whole log with the code of today and holds it against what every resource shows and against the read model. What differs is looked at again before it is told: a write may be under way. Takes as long as the log is; with `Accept: application/x-ndjson` it says how far it has come.
     */
    get: operations['checkReplay'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/audit/seals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Seals
     * @description Signed events, each covering every event of the whole log since the one before; newest first.
     */
    get: operations['listSeals'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/audit/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Keys of the seals
     * @description Every key that signs or signed seals, the oldest first, with who took it into use and why.
     */
    get: operations['listSealKeys'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/audit/seal': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Seal now
     * @description Seals every event recorded before the call, and answers the newest seal. When nothing but seals is unsealed, that is the one there was. Without being asked, the service seals by audit.sealInterval and audit.sealEvents.
     */
    post: operations['sealLog'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/audit/keys/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Rotate the key
     * @description Takes a new key into use, for which the one before vouches with its signature. The old key is kept: what it signed stays checkable.
     */
    post: operations['rotateSealKey'];
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
     * @description Goes over the whole log once and says that nothing is missing or was changed, or the first place where that does not hold and what kind of damage it is. A damaged log is an answer like any other (200, `ok` false). Long logs take a while: with `Accept: application/x-ndjson` lines with `progress` come before the one with `report`. One at a time. Of what was archived the log has the hashes: these are always verified, and with `archives=true` the files too.
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
  '/v1/audit/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Export a bundle
     * @description The whole log, all of one execution, or a time of the log, as a file that proves itself: events, seals, keys, proofs, and a signature over it all. `docs/reference/bundles.md` is its format; `wfe verify FILE` and `tools/verify_bundle.py` check it without the service. The log is sealed first. A time is rounded outwards to whole seals, so that nothing can be missing inside. An answer that breaks off has no last line, and is no bundle.
     */
    get: operations['exportBundle'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/projections': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Projections
     * @description What is computed from the log and kept, how far behind the log it is, and how far a rebuild is.
     */
    get: operations['listProjections'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/projections/{name}/rebuild': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Rebuild
     * @description Builds it from nothing beside the one that answers, and puts it in its place when it has caught up. Queries are answered meanwhile, from the old one, and say so.
     */
    post: operations['rebuildProjection'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List
     * @description Every configured webhook: how far it is, how far behind, and what went wrong last. No secrets.
     */
    get: operations['listWebhooks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{name}/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Replay
     * @description Delivers everything after a position again; a position further on leaves out what is between. Enables a webhook that was disabled. Answers when the request is durably recorded.
     */
    post: operations['replayWebhook'];
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
      /** @description Passed to the pipeline byte for byte, and kept in clear: names that look sensitive are refused (`spec-refused`), see docs/guides/secrets.md. */
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
      /** @description There while the read model is rebuilt: this page comes from the old one, which is kept up to date. */
      rebuilding?: {
        /** @description Taken in by the new one. */
        events: number;
        /** @description To be taken in; grows while events arrive. */
        of: number;
      };
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
      /** @description Names of the parameters of which `spec` holds a keyed hash in place of the value. */
      redacted?: string[];
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
      /** @description There while the read model is rebuilt: this page comes from the old one, which is kept up to date. */
      rebuilding?: {
        /** @description Taken in by the new one. */
        events: number;
        /** @description To be taken in; grows while events arrive. */
        of: number;
      };
    };
    /**
     * @example {
     *       "items": [
     *         {
     *           "revision": 1,
     *           "position": "0198f6c26f0e:18",
     *           "time": "2026-11-20T10:15:02.006Z",
     *           "type": "PipelineRunCreated",
     *           "actor": {
     *             "user": "system:workflow-execution-service"
     *           },
     *           "source": "driver",
     *           "sentence": "Created PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165, which holds the lock on payment/deployment/payment-api.",
     *           "cause": {
     *             "kind": "event",
     *             "revision": 0,
     *             "type": "ExecutionCreated"
     *           },
     *           "sinceStartMs": 802,
     *           "sincePreviousMs": 802
     *         }
     *       ],
     *       "next": 1
     *     }
     */
    History: {
      items: {
        revision: number;
        position: string;
        /** Format: date-time */
        time: string;
        type: string;
        actor: {
          user: string;
          groups?: string[];
        };
        /**
         * @description The door it came in by.
         * @enum {string}
         */
        source: 'rest' | 'resource' | 'scheduler' | 'driver';
        /** @description For people. No value of a parameter or a result is in it. */
        sentence: string;
        /** @description An earlier event of this execution, or the command somebody gave. */
        cause:
          | {
              /** @enum {string} */
              kind: 'event';
              revision: number;
              type: string;
            }
          | {
              /** @enum {string} */
              kind: 'command';
              commandId: string;
            };
        /** @description Negative where the clock was set back. */
        sinceStartMs: number;
        sincePreviousMs: number;
      }[];
      /** @description Give it as `after` to go on; absent when nothing is left now. */
      next?: number;
    };
    /**
     * @example {
     *       "from": {
     *         "revision": 0,
     *         "time": "2026-11-20T10:15:01.204Z"
     *       },
     *       "to": {
     *         "revision": 1,
     *         "time": "2026-11-20T10:15:02.006Z"
     *       },
     *       "changes": [
     *         {
     *           "path": "lock.state",
     *           "kind": "changed",
     *           "before": "None",
     *           "after": "Held"
     *         },
     *         {
     *           "path": "lock.since",
     *           "kind": "added",
     *           "after": "2026-11-20T10:15:02.006Z"
     *         }
     *       ]
     *     }
     */
    ExecutionDiff: {
      /** @description Absent: before the first event, where there was nothing. */
      from?: {
        revision: number;
        /** Format: date-time */
        time: string;
      };
      to: {
        revision: number;
        /** Format: date-time */
        time: string;
      };
      /** @description In the order of the paths. Spec and settings never change and are not compared. */
      changes: {
        /** @description As in `status.conditions.Ready.status` or `tasks["a.b"].state`. */
        path: string;
        /** @enum {string} */
        kind: 'added' | 'removed' | 'changed';
        before?: components['schemas']['__schema0'];
        after?: components['schemas']['__schema1'];
      }[];
    };
    /** @description Any JSON. */
    __schema0: unknown;
    /** @description Any JSON. */
    __schema1: unknown;
    /**
     * @example {
     *       "items": [
     *         {
     *           "revision": 1,
     *           "type": "PipelineRunCreated",
     *           "time": "2026-11-20T10:15:02.006Z",
     *           "actor": {
     *             "user": "system:workflow-execution-service"
     *           },
     *           "source": "driver",
     *           "sentence": "Created PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165, which holds the lock on payment/deployment/payment-api. Seen or done by the service in the cluster."
     *         },
     *         {
     *           "revision": 0,
     *           "type": "ExecutionCreated",
     *           "time": "2026-11-20T10:15:01.204Z",
     *           "actor": {
     *             "user": "anonymous"
     *           },
     *           "source": "rest",
     *           "sentence": "Accepted workflow restart-deployment (version 1.4.0) for payment/deployment/payment-api. Asked for by anonymous through the REST API."
     *         },
     *         {
     *           "type": "CreateExecution",
     *           "time": "2026-11-20T10:15:01.204Z",
     *           "actor": {
     *             "user": "anonymous"
     *           },
     *           "source": "rest",
     *           "sentence": "Run workflow restart-deployment on payment/deployment/payment-api; asked for by anonymous through the REST API."
     *         }
     *       ]
     *     }
     */
    Causes: {
      /** @description The event itself first; last, without a revision, the command that began it all. */
      items: {
        revision?: number;
        type: string;
        /** Format: date-time */
        time: string;
        actor: {
          user: string;
          groups?: string[];
        };
        /**
         * @description The door it came in by.
         * @enum {string}
         */
        source: 'rest' | 'resource' | 'scheduler' | 'driver';
        /** @description For people. No value of a parameter or a result is in it. */
        sentence: string;
      }[];
      /** @description Left out before the last two, when there are too many. */
      omitted?: number;
    };
    /**
     * @example {
     *       "phase": "Running",
     *       "sentences": [
     *         "Running: PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165 was created; Tekton has not picked it up yet.",
     *         "2026-11-20T10:15:01Z: Accepted workflow restart-deployment (version 1.4.0) for payment/deployment/payment-api (asked for by anonymous through the REST API).",
     *         "2026-11-20T10:15:02Z: Created PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165, which holds the lock on payment/deployment/payment-api (seen or done by the service in the cluster).",
     *         "Next: Tekton picks the run up; when it does not in time, the run is cancelled."
     *       ],
     *       "causes": [
     *         0,
     *         1
     *       ]
     *     }
     */
    Why: {
      /** @enum {string} */
      phase: 'Pending' | 'Running' | 'Completed' | 'Failed' | 'Skipped';
      /** @enum {string} */
      outcome?: 'Success' | 'Failed' | 'Cancelled' | 'Skipped';
      /** @description Where it stands, what led to it and who was behind it, and what comes next and when. */
      sentences: string[];
      /** @description Revisions of the events told of. */
      causes: number[];
    };
    /**
     * @example {
     *       "items": [
     *         {
     *           "target": "payment/deployment/payment-api",
     *           "lock": {
     *             "state": "Held",
     *             "holder": {
     *               "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
     *               "resource": {
     *                 "namespace": "payment",
     *                 "name": "restart-payment-api"
     *               },
     *               "workflowId": "restart-deployment"
     *             },
     *             "since": "2026-11-20T10:15:02.006Z"
     *           },
     *           "waiting": 1,
     *           "last": {
     *             "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
     *             "resource": {
     *               "namespace": "payment",
     *               "name": "restart-payment-api"
     *             },
     *             "phase": "Running",
     *             "target": "payment/deployment/payment-api",
     *             "workflowId": "restart-deployment",
     *             "workflowVersion": "1.4.0",
     *             "remediationRequest": "rr-payment-api-oom",
     *             "run": {
     *               "namespace": "kubernaut-workflows",
     *               "name": "wfe-cf0cc089293b1165"
     *             },
     *             "lock": {
     *               "state": "Held"
     *             },
     *             "createdAt": "2026-11-20T10:15:01.204Z",
     *             "updatedAt": "2026-11-20T10:15:04.118Z",
     *             "startTime": "2026-11-20T10:15:02Z",
     *             "revision": 3
     *           }
     *         }
     *       ],
     *       "next": "eyJ0IjoicGF5bWVudC9kZXBsb3ltZW50L3BheW1lbnQtYXBpIn0"
     *     }
     */
    TargetPage: {
      items: {
        target: string;
        lock: components['schemas']['TargetLock'];
        /** @description How many are in line for it; 100 stands for 100 or more. */
        waiting: number;
        /** @description Its newest execution. */
        last?: {
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
        };
      }[];
      /** @description Give it as `cursor` to go on; absent on the last page. */
      next?: string;
      /** @description There while the read model is rebuilt: this page comes from the old one, which is kept up to date. */
      rebuilding?: {
        /** @description Taken in by the new one. */
        events: number;
        /** @description To be taken in; grows while events arrive. */
        of: number;
      };
    };
    TargetLock: {
      /** @enum {string} */
      state: 'Free' | 'Held' | 'CoolingDown' | 'Releasing';
      holder?: {
        executionId: string;
        resource: {
          namespace: string;
          name: string;
        };
        workflowId: string;
      };
      /**
       * Format: date-time
       * @description When its run was created.
       */
      since?: string;
      /**
       * Format: date-time
       * @description End of the cooldown.
       */
      until?: string;
    };
    /**
     * @example {
     *       "target": "payment/deployment/payment-api",
     *       "runName": "wfe-cf0cc089293b1165",
     *       "at": "2026-11-20T10:16:00.000Z",
     *       "lock": {
     *         "state": "Held",
     *         "holder": {
     *           "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
     *           "resource": {
     *             "namespace": "payment",
     *             "name": "restart-payment-api"
     *           },
     *           "workflowId": "restart-deployment"
     *         },
     *         "since": "2026-11-20T10:15:02.006Z"
     *       },
     *       "waiting": [
     *         {
     *           "executionId": "0198f6c3-0b1e-7d44-8a01-5c2e9f7d1a60",
     *           "resource": {
     *             "namespace": "payment",
     *             "name": "scale-payment-api"
     *           },
     *           "since": "2026-11-20T10:15:40.120Z"
     *         }
     *       ],
     *       "history": [
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
     *       ]
     *     }
     */
    Target: {
      target: string;
      /** @description Name of the run that is its lock. */
      runName: string;
      /**
       * Format: date-time
       * @description The moment asked about; absent: now.
       */
      at?: string;
      lock: components['schemas']['TargetLock'];
      /** @description In line for the lock, first come, first served; at most 100. */
      waiting: {
        executionId: string;
        resource: {
          namespace: string;
          name: string;
        };
        /** Format: date-time */
        since: string;
      }[];
      /** @description Its executions as they stood, newest first. */
      history: {
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
     *       "targetResource": "payment/deployment/payment-api",
     *       "workflowId": "restart-deployment"
     *     }
     */
    PreflightRequest: {
      targetResource: string;
      workflowId: string;
    };
    /**
     * @example {
     *       "allowed": false,
     *       "reason": "CooldownActive",
     *       "message": "payment/restart-payment-api (workflow restart-deployment) has ended and keeps the lock until 2026-11-20T10:20:04Z",
     *       "until": "2026-11-20T10:20:04.000Z",
     *       "by": {
     *         "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
     *         "resource": {
     *           "namespace": "payment",
     *           "name": "restart-payment-api"
     *         },
     *         "workflowId": "restart-deployment"
     *       },
     *       "consecutiveFailures": 0
     *     }
     */
    Preflight: {
      allowed: boolean;
      /** @enum {string} */
      reason?:
        'ResourceBusy' | 'CooldownActive' | 'PreviousExecutionFailed' | 'ExhaustedRetries' | 'ExponentialBackoff';
      message: string;
      /**
       * Format: date-time
       * @description When time alone makes it allowed: then, as far as is known.
       */
      until?: string;
      /** @description The execution the answer rests on. */
      by?: {
        executionId: string;
        resource: {
          namespace: string;
          name: string;
        };
        workflowId: string;
      };
      /** @description In a row, of this workflow on this target, that changed nothing. */
      consecutiveFailures: number;
    };
    /**
     * @example {
     *       "executions": 1204,
     *       "differences": [
     *         {
     *           "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
     *           "where": "status",
     *           "path": "conditions.Succeeded.status",
     *           "log": "Unknown",
     *           "found": "True"
     *         }
     *       ],
     *       "truncated": false
     *     }
     */
    ReplayReport: {
      /** @description Folded and compared. */
      executions: number;
      /** @description Empty when all is well; at most 1,000. */
      differences: {
        /** @description Of a resource the log does not know: its uid. */
        executionId: string;
        /** @enum {string} */
        where: 'status' | 'row';
        /** @description Empty: all of it. */
        path: string;
        /** @description null: nothing. */
        log: components['schemas']['__schema0'];
        /** @description null: nothing. */
        found: components['schemas']['__schema0'];
      }[];
      /** @description There are more; the rest of the log was not looked at. */
      truncated: boolean;
    };
    /**
     * @example {
     *       "items": [
     *         {
     *           "number": 41,
     *           "from": 4012,
     *           "events": 37,
     *           "total": 4049,
     *           "position": "s1:0198f6c26f0e:4049",
     *           "root": "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
     *           "previousSeal": "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
     *           "sealHash": "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
     *           "keyId": "34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e",
     *           "signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
     *           "sealedAt": "2026-11-20T10:16:00.118Z",
     *           "actor": "system:workflow-execution-service"
     *         }
     *       ],
     *       "next": "c2VhbC00MQ"
     *     }
     */
    SealPage: {
      items: components['schemas']['Seal'][];
      /** @description Give it as `cursor` to go on; absent on the last page. */
      next?: string;
    };
    /**
     * @example {
     *       "number": 41,
     *       "from": 4012,
     *       "events": 37,
     *       "total": 4049,
     *       "position": "s1:0198f6c26f0e:4049",
     *       "root": "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
     *       "previousSeal": "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
     *       "sealHash": "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
     *       "keyId": "34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e",
     *       "signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
     *       "sealedAt": "2026-11-20T10:16:00.118Z",
     *       "actor": "system:workflow-execution-service"
     *     }
     */
    Seal: {
      /** @description Counted from 0 without a gap. */
      number: number;
      /** @description Place in the whole log of the first event covered, counted from 0. */
      from: number;
      /** @description How many it covers. */
      events: number;
      /** @description Events of the log up to and with the last one covered. */
      total: number;
      /** @description Of the last event covered; opaque. */
      position: string;
      /** @description Merkle root (RFC 6962) over the hashes of the events covered. */
      root: string;
      /** @description `sealHash` of the seal before; 64 zeros in the first. */
      previousSeal: string;
      /** @description Hash of the event that is the seal. */
      sealHash: string;
      /** @description 64 lower-case hex digits. */
      keyId: string;
      /** @description Ed25519, base64. */
      signature: string;
      /** Format: date-time */
      sealedAt: string;
      /** @description Who had it made: somebody, or the service by itself. */
      actor: string;
    };
    /**
     * @example {
     *       "items": [
     *         {
     *           "keyId": "34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e",
     *           "algorithm": "ed25519",
     *           "publicKey": "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=",
     *           "introducedAt": "2026-11-20T09:00:00.004Z",
     *           "reason": "first start",
     *           "actor": "system:workflow-execution-service",
     *           "inForce": true
     *         }
     *       ]
     *     }
     */
    SealKeys: {
      items: components['schemas']['SealKey'][];
    };
    /**
     * @example {
     *       "keyId": "34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e",
     *       "algorithm": "ed25519",
     *       "publicKey": "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=",
     *       "introducedAt": "2026-11-20T09:00:00.004Z",
     *       "reason": "first start",
     *       "actor": "system:workflow-execution-service",
     *       "inForce": true
     *     }
     */
    SealKey: {
      /** @description sha256 of the public key. */
      keyId: string;
      /** @enum {string} */
      algorithm: 'ed25519';
      /** @description The 32 raw bytes, base64. */
      publicKey: string;
      /** Format: date-time */
      introducedAt: string;
      reason: string;
      actor: string;
      /** @description The key that vouches for it; absent for the first, and for one that replaced a lost one. */
      previousKeyId?: string;
      /** @description Whether the next seal is signed by it. */
      inForce: boolean;
    };
    /**
     * @example {
     *       "reason": "the disk with the old key left the house"
     *     }
     */
    RotateSealKeyRequest: {
      /** @description Kept in the log. */
      reason: string;
    };
    /**
     * @example {
     *       "ok": true,
     *       "events": 10000,
     *       "streams": 1204,
     *       "archived": 0,
     *       "archives": {
     *         "named": 0,
     *         "held": 0
     *       },
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
     *       "acceptedRollbacks": 0,
     *       "without": []
     *     }
     */
    VerificationReport: {
      ok: boolean;
      /** @description Looked at, and good: all, or those before the first damage. */
      events: number;
      streams: number;
      /** @description Archive files that the log names, and how many were read and are as it says: 0 unless `archives` was asked for. */
      archives: {
        named: number;
        held: number;
      };
      /** @description Of the events those whose texts are in archive files. */
      archived: number;
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
      /** @description What the log was not held against because it could not be asked or is not there (a published seal, the keys of this service, the resources), and why. Only with none of these is `ok` the whole answer. */
      without: string[];
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
          | 'StoreReplaced'
          | 'Blanked'
          | 'ArchiveMissing'
          | 'ArchiveDiffers';
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
     *       "items": [
     *         {
     *           "name": "read-model",
     *           "position": "s1:0198f6c26f0e:41230",
     *           "lagEvents": 0,
     *           "state": "rebuilding",
     *           "rebuild": {
     *             "events": 12000,
     *             "of": 41230,
     *             "startedAt": "2026-11-20T10:15:04.118Z"
     *           }
     *         }
     *       ]
     *     }
     */
    Projections: {
      items: components['schemas']['Projection'][];
    };
    /**
     * @example {
     *       "name": "read-model",
     *       "position": "s1:0198f6c26f0e:41230",
     *       "lagEvents": 0,
     *       "state": "rebuilding",
     *       "rebuild": {
     *         "events": 12000,
     *         "of": 41230,
     *         "startedAt": "2026-11-20T10:15:04.118Z"
     *       }
     *     }
     */
    Projection: {
      name: string;
      /** @description Up to where the log has been taken in; opaque. */
      position: string;
      /** @description Events of the log after that. */
      lagEvents: number;
      /** @enum {string} */
      state: 'current' | 'behind' | 'rebuilding';
      rebuild?: {
        /** @description Taken in by the new one. */
        events: number;
        /** @description To be taken in; grows while events arrive. */
        of: number;
        /** Format: date-time */
        startedAt: string;
      };
      /** @description Why the last rebuild came to nothing. The old read model goes on answering. */
      failure?: {
        /** Format: date-time */
        at: string;
        message: string;
      };
    };
    /**
     * @example {
     *       "items": [
     *         {
     *           "name": "pager",
     *           "url": "https://pager.example.com/hooks/executions",
     *           "state": "failing",
     *           "position": "s1:0198f6c26f0e:18",
     *           "lag": {
     *             "events": 12,
     *             "seconds": 41.2
     *           },
     *           "failures": 6,
     *           "lastError": {
     *             "time": "2026-11-20T10:15:02.006Z",
     *             "message": "HTTP 503"
     *           }
     *         }
     *       ]
     *     }
     */
    Webhooks: {
      items: {
        name: string;
        /** @description Without credentials and query. */
        url: string;
        /**
         * @description `idle`: this replica does not act; position and lag are those recorded. `disabled`: the receiver answered 410.
         * @enum {string}
         */
        state: 'delivering' | 'failing' | 'disabled' | 'idle';
        /** @description Everything up to here was delivered, or is not wanted. */
        position?: string;
        lag: {
          /** @description Events of the log after the position, wanted or not. */
          events: number;
          /** @description Age of the oldest of them. */
          seconds: number;
        };
        /** @description Failures in a row. */
        failures: number;
        lastError?: {
          /** Format: date-time */
          time: string;
          message: string;
        };
      }[];
    };
    /**
     * @example {
     *       "from": "s1:0198f6c26f0e:18",
     *       "reason": "the pager lost what it had"
     *     }
     */
    ReplayWebhookRequest: {
      /** @description A position, or `start`: everything after it is delivered. */
      from: string;
      /** @description Kept in the log. */
      reason: string;
    };
    /**
     * @example {
     *       "name": "pager",
     *       "from": "s1:0198f6c26f0e:18",
     *       "position": "s1:0198f6c26f0e:97",
     *       "archived": {
     *         "executions": 12,
     *         "files": [
     *           "archive-20261121T162552Z-c695d61c.ndjson.gz"
     *         ]
     *       }
     *     }
     */
    WebhookReplay: {
      name: string;
      from: string;
      /** @description Of the event that records the request. */
      position: string;
      /** @description What is not delivered again, because it is in archive files: only the `ExecutionArchived` of each history is. Absent when that is nothing. */
      archived?: {
        /** @description Histories in archive files that reach beyond `from`. */
        executions: number;
        /** @description The files that have them, newest first; 100 at most. */
        files: string[];
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
          [key: string]:
            | string
            | number
            | (
                | string
                | {
                    [key: string]: unknown;
                  }
              )[]
            | null;
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
        | 'moment-in-future'
        | 'position-unknown'
        | 'route-unknown'
        | 'projection-unknown'
        | 'execution-unknown'
        | 'webhook-unknown'
        | 'revision-unknown'
        | 'method-not-allowed'
        | 'not-acceptable'
        | 'request-timeout'
        | 'spec-changed'
        | 'run-unfinished'
        | 'cooldown-not-over'
        | 'execution-finished'
        | 'resource-exists'
        | 'rebuild-running'
        | 'history-archived'
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
        | 'sealing-refused'
        | 'perhaps-applied'
        | 'too-contended'
        | 'newer-version-needed'
        | 'cluster-unavailable'
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
        /** @description A time that has passed: executions as they stood then, filters included. Not with `from` and `to`. */
        at?: string;
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
      /** @description The request is not as expected; The cursor was not given by this list; The moment is still to come */
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
      /** @description The request is not as expected; The moment is still to come */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such execution; The execution has no such revision */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description That part of the history is in an archive file */
      410: {
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
      /** @description The event log cannot be written; nothing was done; A newer version of the service wrote this; The service is stopping; nothing was done */
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
              | 'ExecutionArchived'
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
              | 'ExecutionArchived'
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
  readHistory: {
    parameters: {
      query?: {
        /** @description A revision, or a time: the history up to it. */
        at?: string;
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
      /** @description A page of the history. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "revision": 1,
           *           "position": "0198f6c26f0e:18",
           *           "time": "2026-11-20T10:15:02.006Z",
           *           "type": "PipelineRunCreated",
           *           "actor": {
           *             "user": "system:workflow-execution-service"
           *           },
           *           "source": "driver",
           *           "sentence": "Created PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165, which holds the lock on payment/deployment/payment-api.",
           *           "cause": {
           *             "kind": "event",
           *             "revision": 0,
           *             "type": "ExecutionCreated"
           *           },
           *           "sinceStartMs": 802,
           *           "sincePreviousMs": 802
           *         }
           *       ],
           *       "next": 1
           *     }
           */
          'application/json': components['schemas']['History'];
        };
      };
      /** @description The request is not as expected; The moment is still to come */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such execution; The execution has no such revision */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description That part of the history is in an archive file */
      410: {
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
      /** @description The event log cannot be written; nothing was done; A newer version of the service wrote this; The service is stopping; nothing was done */
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
  compareStates: {
    parameters: {
      query?: {
        /** @description A revision, or a time; the revision before `to` when absent. */
        from?: string;
        /** @description A revision, or a time; the newest when absent. It may be before `from`. */
        to?: string;
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
      /** @description The changes. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "from": {
           *         "revision": 0,
           *         "time": "2026-11-20T10:15:01.204Z"
           *       },
           *       "to": {
           *         "revision": 1,
           *         "time": "2026-11-20T10:15:02.006Z"
           *       },
           *       "changes": [
           *         {
           *           "path": "lock.state",
           *           "kind": "changed",
           *           "before": "None",
           *           "after": "Held"
           *         },
           *         {
           *           "path": "lock.since",
           *           "kind": "added",
           *           "after": "2026-11-20T10:15:02.006Z"
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['ExecutionDiff'];
        };
      };
      /** @description The request is not as expected; The moment is still to come */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such execution; The execution has no such revision */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description That part of the history is in an archive file */
      410: {
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
      /** @description The event log cannot be written; nothing was done; A newer version of the service wrote this; The service is stopping; nothing was done */
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
  readCauses: {
    parameters: {
      query?: {
        /** @description Of the event; the newest when absent. */
        revision?: number;
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
      /** @description The chain of causes. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "revision": 1,
           *           "type": "PipelineRunCreated",
           *           "time": "2026-11-20T10:15:02.006Z",
           *           "actor": {
           *             "user": "system:workflow-execution-service"
           *           },
           *           "source": "driver",
           *           "sentence": "Created PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165, which holds the lock on payment/deployment/payment-api. Seen or done by the service in the cluster."
           *         },
           *         {
           *           "revision": 0,
           *           "type": "ExecutionCreated",
           *           "time": "2026-11-20T10:15:01.204Z",
           *           "actor": {
           *             "user": "anonymous"
           *           },
           *           "source": "rest",
           *           "sentence": "Accepted workflow restart-deployment (version 1.4.0) for payment/deployment/payment-api. Asked for by anonymous through the REST API."
           *         },
           *         {
           *           "type": "CreateExecution",
           *           "time": "2026-11-20T10:15:01.204Z",
           *           "actor": {
           *             "user": "anonymous"
           *           },
           *           "source": "rest",
           *           "sentence": "Run workflow restart-deployment on payment/deployment/payment-api; asked for by anonymous through the REST API."
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['Causes'];
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
      /** @description There is no such execution; The execution has no such revision */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description That part of the history is in an archive file */
      410: {
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
      /** @description The event log cannot be written; nothing was done; A newer version of the service wrote this; The service is stopping; nothing was done */
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
  explainState: {
    parameters: {
      query?: {
        /** @description A revision, or a time: why it was so then. */
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
      /** @description The explanation. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "phase": "Running",
           *       "sentences": [
           *         "Running: PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165 was created; Tekton has not picked it up yet.",
           *         "2026-11-20T10:15:01Z: Accepted workflow restart-deployment (version 1.4.0) for payment/deployment/payment-api (asked for by anonymous through the REST API).",
           *         "2026-11-20T10:15:02Z: Created PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165, which holds the lock on payment/deployment/payment-api (seen or done by the service in the cluster).",
           *         "Next: Tekton picks the run up; when it does not in time, the run is cancelled."
           *       ],
           *       "causes": [
           *         0,
           *         1
           *       ]
           *     }
           */
          'application/json': components['schemas']['Why'];
        };
      };
      /** @description The request is not as expected; The moment is still to come */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such execution; The execution has no such revision */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description That part of the history is in an archive file */
      410: {
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
      /** @description The event log cannot be written; nothing was done; A newer version of the service wrote this; The service is stopping; nothing was done */
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
  listTargets: {
    parameters: {
      query?: {
        /** @description Only those whose lock is not free. */
        locked?: 'true';
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
           *           "target": "payment/deployment/payment-api",
           *           "lock": {
           *             "state": "Held",
           *             "holder": {
           *               "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *               "resource": {
           *                 "namespace": "payment",
           *                 "name": "restart-payment-api"
           *               },
           *               "workflowId": "restart-deployment"
           *             },
           *             "since": "2026-11-20T10:15:02.006Z"
           *           },
           *           "waiting": 1,
           *           "last": {
           *             "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *             "resource": {
           *               "namespace": "payment",
           *               "name": "restart-payment-api"
           *             },
           *             "phase": "Running",
           *             "target": "payment/deployment/payment-api",
           *             "workflowId": "restart-deployment",
           *             "workflowVersion": "1.4.0",
           *             "remediationRequest": "rr-payment-api-oom",
           *             "run": {
           *               "namespace": "kubernaut-workflows",
           *               "name": "wfe-cf0cc089293b1165"
           *             },
           *             "lock": {
           *               "state": "Held"
           *             },
           *             "createdAt": "2026-11-20T10:15:01.204Z",
           *             "updatedAt": "2026-11-20T10:15:04.118Z",
           *             "startTime": "2026-11-20T10:15:02Z",
           *             "revision": 3
           *           }
           *         }
           *       ],
           *       "next": "eyJ0IjoicGF5bWVudC9kZXBsb3ltZW50L3BheW1lbnQtYXBpIn0"
           *     }
           */
          'application/json': components['schemas']['TargetPage'];
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
      /** @description The event log cannot be written; nothing was done; A newer version of the service wrote this; The service is stopping; nothing was done */
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
  getTarget: {
    parameters: {
      query?: {
        /** @description A time that has passed: as it stood then. */
        at?: string;
        limit?: number;
        /** @description `next` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        /** @description With its slashes, or as %2F. */
        target: unknown;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The target. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "target": "payment/deployment/payment-api",
           *       "runName": "wfe-cf0cc089293b1165",
           *       "at": "2026-11-20T10:16:00.000Z",
           *       "lock": {
           *         "state": "Held",
           *         "holder": {
           *           "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *           "resource": {
           *             "namespace": "payment",
           *             "name": "restart-payment-api"
           *           },
           *           "workflowId": "restart-deployment"
           *         },
           *         "since": "2026-11-20T10:15:02.006Z"
           *       },
           *       "waiting": [
           *         {
           *           "executionId": "0198f6c3-0b1e-7d44-8a01-5c2e9f7d1a60",
           *           "resource": {
           *             "namespace": "payment",
           *             "name": "scale-payment-api"
           *           },
           *           "since": "2026-11-20T10:15:40.120Z"
           *         }
           *       ],
           *       "history": [
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
           *       ]
           *     }
           */
          'application/json': components['schemas']['Target'];
        };
      };
      /** @description The request is not as expected; The cursor was not given by this list; The moment is still to come; The request cannot be read */
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
      /** @description The event log cannot be written; nothing was done; A newer version of the service wrote this; The service is stopping; nothing was done */
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
  preflight: {
    parameters: {
      query?: {
        /** @description A time that has passed: as it stood then. */
        at?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PreflightRequest'];
      };
    };
    responses: {
      /** @description Yes or no. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "allowed": false,
           *       "reason": "CooldownActive",
           *       "message": "payment/restart-payment-api (workflow restart-deployment) has ended and keeps the lock until 2026-11-20T10:20:04Z",
           *       "until": "2026-11-20T10:20:04.000Z",
           *       "by": {
           *         "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *         "resource": {
           *           "namespace": "payment",
           *           "name": "restart-payment-api"
           *         },
           *         "workflowId": "restart-deployment"
           *       },
           *       "consecutiveFailures": 0
           *     }
           */
          'application/json': components['schemas']['Preflight'];
        };
      };
      /** @description The request is not as expected; The body is no JSON that can be read; The request cannot be read; The moment is still to come */
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
      /** @description The body is too large */
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
      /** @description Something went wrong here */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The event log cannot be written; nothing was done; A newer version of the service wrote this; The service is stopping; nothing was done */
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
  checkReplay: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The report, empty of differences when all is well. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "executions": 1204,
           *       "differences": [
           *         {
           *           "executionId": "0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21",
           *           "where": "status",
           *           "path": "conditions.Succeeded.status",
           *           "log": "Unknown",
           *           "found": "True"
           *         }
           *       ],
           *       "truncated": false
           *     }
           */
          'application/json': components['schemas']['ReplayReport'];
          /**
           * @example {"progress":{"executions":1200,"differences":0}}
           *     {"report":{"executions":1204,"differences":[{"executionId":"0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21","where":"status","path":"conditions.Succeeded.status","log":"Unknown","found":"True"}],"truncated":false}}
           */
          'application/x-ndjson': string;
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
      /** @description The event log cannot be written; nothing was done; The cluster cannot be asked now; Too many long answers are being sent already; The service is stopping; nothing was done */
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
  listSeals: {
    parameters: {
      query?: {
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
           *           "number": 41,
           *           "from": 4012,
           *           "events": 37,
           *           "total": 4049,
           *           "position": "s1:0198f6c26f0e:4049",
           *           "root": "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
           *           "previousSeal": "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
           *           "sealHash": "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
           *           "keyId": "34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e",
           *           "signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
           *           "sealedAt": "2026-11-20T10:16:00.118Z",
           *           "actor": "system:workflow-execution-service"
           *         }
           *       ],
           *       "next": "c2VhbC00MQ"
           *     }
           */
          'application/json': components['schemas']['SealPage'];
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
      /** @description The event log cannot be written; nothing was done; The log cannot be sealed; a person must look; The service is stopping; nothing was done */
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
  listSealKeys: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The keys. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "keyId": "34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e",
           *           "algorithm": "ed25519",
           *           "publicKey": "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=",
           *           "introducedAt": "2026-11-20T09:00:00.004Z",
           *           "reason": "first start",
           *           "actor": "system:workflow-execution-service",
           *           "inForce": true
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['SealKeys'];
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
      /** @description Something went wrong here */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The event log cannot be written; nothing was done; The log cannot be sealed; a person must look; The service is stopping; nothing was done */
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
  sealLog: {
    parameters: {
      query?: never;
      header?: {
        /** @description W3C trace context, kept with the event; ignored when it is not valid. */
        traceparent?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description The newest seal. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "number": 41,
           *       "from": 4012,
           *       "events": 37,
           *       "total": 4049,
           *       "position": "s1:0198f6c26f0e:4049",
           *       "root": "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
           *       "previousSeal": "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
           *       "sealHash": "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
           *       "keyId": "34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e",
           *       "signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
           *       "sealedAt": "2026-11-20T10:16:00.118Z",
           *       "actor": "system:workflow-execution-service"
           *     }
           */
          'application/json': components['schemas']['Seal'];
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
      /** @description The body is too large */
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
      /** @description The event log cannot keep this content */
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
      /** @description The event log cannot be written; nothing was done; Perhaps done: repeat with the same Idempotency-Key; Too many changes at once; nothing was done; The log cannot be sealed; a person must look; The service is stopping; nothing was done */
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
  rotateSealKey: {
    parameters: {
      query?: never;
      header?: {
        /** @description W3C trace context, kept with the event; ignored when it is not valid. */
        traceparent?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RotateSealKeyRequest'];
      };
    };
    responses: {
      /** @description The new key, in force from now on. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "keyId": "34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e",
           *       "algorithm": "ed25519",
           *       "publicKey": "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=",
           *       "introducedAt": "2026-11-20T09:00:00.004Z",
           *       "reason": "first start",
           *       "actor": "system:workflow-execution-service",
           *       "inForce": true
           *     }
           */
          'application/json': components['schemas']['SealKey'];
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
      /** @description The body is too large */
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
      /** @description The event log cannot keep this content */
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
      /** @description The event log cannot be written; nothing was done; Perhaps done: repeat with the same Idempotency-Key; Too many changes at once; nothing was done; The log cannot be sealed; a person must look; The service is stopping; nothing was done */
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
      query?: {
        /** @description Also read every archive file that the log names, and hold it against the log. Reads all of them; off unless asked for, because they may have been moved elsewhere. */
        archives?: 'true' | 'false';
      };
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
           *       "archived": 0,
           *       "archives": {
           *         "named": 0,
           *         "held": 0
           *       },
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
           *       "acceptedRollbacks": 0,
           *       "without": []
           *     }
           */
          'application/json': components['schemas']['VerificationReport'];
          /**
           * @example {"progress":{"events":4000,"seals":2,"position":"s1:0198f6c26f0e:4000"}}
           *     {"report":{"ok":true,"events":10000,"streams":1204,"archived":0,"archives":{"named":0,"held":0},"seals":6,"head":{"position":"s1:0198f6c26f0e:10000","seal":{"number":5,"total":9520,"sealHash":"5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d","keyId":"3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a"},"unsealed":480,"published":2},"anchor":{"kind":"published-head","keyId":"3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a"},"witnesses":12,"acceptedRollbacks":0,"without":[]}}
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
  exportBundle: {
    parameters: {
      query?: {
        /** @description All events of this execution, each with a proof; not together with a time. */
        execution?: string;
        /** @description Events decided at or after. */
        from?: string;
        /** @description Events decided before. */
        to?: string;
        /** @description With `execution`: `chain` adds the seals up to the newest, to join it to a published head. */
        seals?: 'needed' | 'chain';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The bundle, line by line. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /** @example {"asOf":"s1:0198f6c26f0e:4049","firstOrdinal":0,"format":1,"kind":"bundle","madeAt":"2026-11-20T10:16:00.118Z","madeBy":"1.0.0 (abc123)","newestSeal":null,"product":"workflow-execution","scope":{"kind":"all"},"storeId":"0198f6c2-6f0e-7aaa-8000-5f6d7e8c9b0a"} */
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
  listProjections: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All of them. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "name": "read-model",
           *           "position": "s1:0198f6c26f0e:41230",
           *           "lagEvents": 0,
           *           "state": "rebuilding",
           *           "rebuild": {
           *             "events": 12000,
           *             "of": 41230,
           *             "startedAt": "2026-11-20T10:15:04.118Z"
           *           }
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['Projections'];
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
  rebuildProjection: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the projection. */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Begun. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "name": "read-model",
           *       "position": "s1:0198f6c26f0e:41230",
           *       "lagEvents": 0,
           *       "state": "rebuilding",
           *       "rebuild": {
           *         "events": 12000,
           *         "of": 41230,
           *         "startedAt": "2026-11-20T10:15:04.118Z"
           *       }
           *     }
           */
          'application/json': components['schemas']['Projection'];
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
      /** @description There is no such projection */
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
      /** @description It is being rebuilt already */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
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
  listWebhooks: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The webhooks. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "name": "pager",
           *           "url": "https://pager.example.com/hooks/executions",
           *           "state": "failing",
           *           "position": "s1:0198f6c26f0e:18",
           *           "lag": {
           *             "events": 12,
           *             "seconds": 41.2
           *           },
           *           "failures": 6,
           *           "lastError": {
           *             "time": "2026-11-20T10:15:02.006Z",
           *             "message": "HTTP 503"
           *           }
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['Webhooks'];
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
  replayWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the webhook. */
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReplayWebhookRequest'];
      };
    };
    responses: {
      /** @description Asked for. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "name": "pager",
           *       "from": "s1:0198f6c26f0e:18",
           *       "position": "s1:0198f6c26f0e:97",
           *       "archived": {
           *         "executions": 12,
           *         "files": [
           *           "archive-20261121T162552Z-c695d61c.ndjson.gz"
           *         ]
           *       }
           *     }
           */
          'application/json': components['schemas']['WebhookReplay'];
        };
      };
      /** @description The request is not as expected; The body is no JSON that can be read; The request cannot be read; The position was not given by this log */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such webhook */
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
      /** @description The body is too large */
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
