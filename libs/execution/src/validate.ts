import type { ExecutionSpec } from './spec.ts';
import { WORKSPACE_SOURCES } from './spec.ts';
import { sizeOf } from './clip.ts';
import { parseDuration } from './duration.ts';
import { SPEC_BYTES } from './spec-size.ts';

/** One thing wrong with a spec: where (a JSON path), and what was expected and found. */
export interface SpecProblem {
  readonly path: string;
  readonly message: string;
}

/**
 * What a schema cannot judge: target format, image reference, digest, timeout, references inside parameter values.
 * Empty when the spec can be run.
 */
export function problemsOf(spec: ExecutionSpec): readonly SpecProblem[] {
  return [
    ...sizeProblems(spec),
    ...targetProblems(spec.targetResource),
    ...imageProblems(spec.workflowRef.containerImage),
    ...digestProblems(spec.workflowRef.containerDigest),
    ...timeoutProblems(spec.executionConfig?.timeout),
    ...parameterProblems(spec.parameters ?? {}),
    ...workspaceProblems(spec),
  ];
}

/** Too large to be recorded in one event. */
export function sizeProblems(spec: ExecutionSpec): SpecProblem[] {
  const bytes = sizeOf(spec);
  if (bytes <= SPEC_BYTES) return [];
  return [{ path: 'spec', message: `expected at most ${SPEC_BYTES} bytes of JSON; found ${bytes}` }];
}

const NAME_PART = /^[A-Za-z0-9](?:[A-Za-z0-9._:-]*[A-Za-z0-9])?$/;
const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

function targetProblems(target: string): SpecProblem[] {
  const path = 'spec.targetResource';
  const parts = target.split('/');
  const wanted = 'expected namespace/kind/name, or kind/name for a cluster-scoped target';
  if (parts.length !== 2 && parts.length !== 3) return [{ path, message: `${wanted}; found ${quote(target)}` }];
  const names = parts.length === 3 ? parts.slice(1) : parts;
  const bad = names.find((part) => part.length > 253 || !NAME_PART.test(part));
  if (bad !== undefined) return [{ path, message: `${wanted}; ${quote(bad)} is no kind or name` }];
  if (parts.length === 3 && !NAMESPACE.test(parts[0] as string))
    return [{ path, message: `${wanted}; ${quote(parts[0] as string)} is no namespace` }];
  return [];
}

/** A first component is a host when it has a dot or a port, or is localhost; otherwise it belongs to the repository. */
const LABEL = String.raw`[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?`;
const PORT = String.raw`:[0-9]{1,5}`;
const HOST = String.raw`(?:${LABEL}(?:\.${LABEL})+(?:${PORT})?|${LABEL}${PORT}|localhost|\[[a-fA-F0-9:]+\](?:${PORT})?)`;
const REPOSITORY = String.raw`[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*`;
const IMAGE = new RegExp(
  String.raw`^(?:${HOST}/)?${REPOSITORY}(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[a-f0-9]{64})?$`,
);

function imageProblems(image: string): SpecProblem[] {
  if (image.length <= 512 && IMAGE.test(image)) return [];
  const message = `expected an OCI reference such as registry.example.test/team/bundle:1.0; found ${quote(image)}`;
  return [{ path: 'spec.workflowRef.containerImage', message }];
}

function digestProblems(digest: string | undefined): SpecProblem[] {
  if (digest === undefined || /^sha256:[a-f0-9]{64}$/.test(digest)) return [];
  const message = `expected sha256: and 64 lower-case hex digits; found ${quote(digest)}`;
  return [{ path: 'spec.workflowRef.containerDigest', message }];
}

/** Tekton reads 0 as "no limit"; we promise that every run ends, so it is refused. */
const TIMEOUT = { minMs: 1000, maxMs: 7 * 24 * 3_600_000 } as const;

function timeoutProblems(timeout: string | undefined): SpecProblem[] {
  if (timeout === undefined) return [];
  const ms = parseDuration(timeout);
  if (ms !== undefined && ms >= TIMEOUT.minMs && ms <= TIMEOUT.maxMs) return [];
  const message = `expected a duration from 1s to 168h such as 30m or 1h15m; found ${quote(timeout)}`;
  return [{ path: 'spec.executionConfig.timeout', message }];
}

/** Tekton substitutes these inside values too: they would arrive as something else than was asked for. */
const REFERENCE = /\$\((?:params|context|tasks|finally|workspaces|results|steps?|credentials|inputs|artifacts)[.[]/;

/** Kind of the first reference in a value; without a closing parenthesis it is text like any other. */
function referenceIn(value: string): string | undefined {
  const [head] = REFERENCE.exec(value) ?? [];
  if (head === undefined || value.indexOf(')', value.search(REFERENCE)) < 0) return undefined;
  return `${head.slice(0, -1)}…)`;
}

/** What is wrong with the values themselves; no message holds more of one than the kind of reference. */
export function parameterProblems(parameters: Readonly<Record<string, string>>): SpecProblem[] {
  return Object.entries(parameters).flatMap(([name, value]) => {
    const found = referenceIn(value);
    if (found === undefined) return [];
    const message = `the value of parameter ${quote(name)} contains a reference ${quote(found)}, which Tekton would replace; values are passed byte for byte, so such a reference is refused`;
    return [{ path: `spec.parameters.${name}`, message }];
  });
}

function workspaceProblems(spec: ExecutionSpec): SpecProblem[] {
  const workspaces = spec.executionConfig?.workspaces ?? [];
  return workspaces.flatMap((workspace, index) => {
    const path = `spec.executionConfig.workspaces[${index}]`;
    const sources = WORKSPACE_SOURCES.filter((binding) => binding in workspace);
    const first = workspaces.findIndex((other) => other.name === workspace.name);
    return [
      ...(sources.length === 1
        ? []
        : [
            {
              path,
              message: `expected one of ${WORKSPACE_SOURCES.join(', ')}; found ${sources.length === 0 ? 'none' : sources.join(' and ')}`,
            },
          ]),
      ...(first === index
        ? []
        : [{ path: `${path}.name`, message: `the name ${quote(workspace.name)} is used twice` }]),
    ];
  });
}

const quote = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
