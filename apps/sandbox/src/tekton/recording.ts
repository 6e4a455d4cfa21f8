import { readFileSync } from 'node:fs';
import type { PipelineSpec, TaskRunStatus } from './objects.ts';

/** What happened to one run of a real Tekton (apps/sandbox/recordings), ready to be played again. */
export interface Recording {
  readonly scenario: string;
  readonly description: string;
  /** Milliseconds from pick-up to the first status, and to the end of resolution; absent for inline pipelines. */
  readonly resolvingMs?: number;
  readonly resolvedMs?: number;
  /** The end of a run that never came to a task. */
  readonly outcome?: { readonly reason: string; readonly message: string };
  readonly pipelineSpec?: PipelineSpec;
  readonly provenance?: { readonly featureFlags?: object; readonly refSource?: object };
  readonly tasks: Readonly<Record<string, TaskRecording>>;
}

export interface TaskRecording {
  /** Of the task run, without what its run decides. */
  readonly spec: { readonly [field: string]: unknown };
  readonly frames: readonly Frame[];
}

/** A task run's status from `ms` after its creation on; texts hold tokens, times are `@<ms>`. */
export interface Frame {
  readonly ms: number;
  readonly status: TaskRunStatus;
}

/** From dist/apps/sandbox/src/tekton to the repository's apps/sandbox/recordings. */
const FOLDER = new URL('../../../../../apps/sandbox/recordings/', import.meta.url);
const loaded = new Map<string, Recording>();

export function recordingNamed(name: string): Recording {
  const known = loaded.get(name);
  if (known) return known;
  const recording = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as Recording;
  loaded.set(name, recording);
  return recording;
}

/** How long the bundle of a recording took to resolve; inline ones take as long as the bundle of `echo` did. */
export function resolutionMs(recording: Recording): { resolvingMs: number; resolvedMs: number } {
  const { resolvingMs, resolvedMs } = recordingNamed('ok-bundle-tag');
  return {
    resolvingMs: recording.resolvingMs ?? resolvingMs ?? 0,
    resolvedMs: recording.resolvedMs ?? resolvedMs ?? 0,
  };
}

export type Tokens = Readonly<Record<string, string>>;

/** A recorded value with its tokens filled in and its times counted from the given start. */
export function rendered<T>(value: T, tokens: Tokens, timeAt: (ms: number) => string): T {
  return fill(value, tokens, timeAt) as T;
}

const TIME = /^@(\d+)$/;

function fill(value: unknown, tokens: Tokens, timeAt: (ms: number) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => fill(each, tokens, timeAt));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, fill(part, tokens, timeAt)]));
  }
  if (typeof value !== 'string') return value;
  const [, ms] = TIME.exec(value) ?? [];
  return ms === undefined ? filled(value, tokens) : timeAt(Number(ms));
}

export const filled = (text: string, tokens: Tokens): string =>
  text.replace(/\{(\w+)\}/g, (token, name: string) => tokens[name] ?? token);
