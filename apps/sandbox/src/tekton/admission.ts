import type { KubeObject } from '#kubernetes';
import { defaulted } from './admission-defaults.ts';
import { complaintsAboutUpdate, complaintsAboutRun } from './admission-rules.ts';

/** Why an object is refused, as the API server passes it on. */
export interface Denial {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

export interface AdmissionRequest {
  /** The stored object; absent on create. */
  readonly previous?: KubeObject;
}

/**
 * Tekton's webhooks for PipelineRuns, as hooks for an API server: defaults, then rules, with the recorded words. Pure.
 * Inline pipelines are let through unread; the scripted Tekton plays bundles only.
 */
export const tektonAdmission = {
  mutate(object: KubeObject, request: AdmissionRequest = {}): KubeObject | Denial {
    const result = defaulted(object, request.previous === undefined);
    return typeof result === 'string' ? denial('webhook.pipeline.tekton.dev', `mutation failed: ${result}`) : result;
  },

  validate(object: KubeObject, { previous }: AdmissionRequest = {}): Denial | undefined {
    const complaints = previous === undefined ? complaintsAboutRun(object) : complaintsAboutUpdate(object, previous);
    if (complaints.length === 0) return undefined;
    return denial('validation.webhook.pipeline.tekton.dev', `validation failed: ${complaints.join('\n')}`);
  },
};

const denial = (webhook: string, what: string): Denial => ({
  code: 400,
  reason: 'BadRequest',
  message: `admission webhook ${JSON.stringify(webhook)} denied the request: ${what}`,
});
