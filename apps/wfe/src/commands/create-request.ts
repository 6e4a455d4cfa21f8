import type { CreateRequest } from '../api/answers.ts';
import type { GivenRequest } from '../files/request-file.ts';
import { usage } from './command.ts';

/** The parts of a request that options can say. */
export interface RequestOptions {
  readonly target?: string;
  readonly workflow?: string;
  readonly workflowVersion?: string;
  readonly image?: string;
  readonly digest?: string;
  readonly remediationRequest?: string;
  readonly param?: readonly string[];
  readonly name?: string;
  readonly confidence?: string;
  readonly rationale?: string;
  readonly serviceAccount?: string;
  readonly runTimeout?: string;
  readonly onConflict?: 'Fail' | 'Skip' | 'Wait';
}

type Part = Readonly<Record<string, unknown>>;

/**
 * The body of a Create: what the file says, and over it what the options say. The service judges it; only what nobody
 * could mean is refused here. @throws Failure `usage`
 */
export function requestOf(given: GivenRequest, options: RequestOptions, namespace: string | undefined): CreateRequest {
  const spec = part(given.spec);
  const request = defined({
    namespace: namespace ?? given.namespace,
    name: options.name ?? given.name,
    spec: defined({
      ...spec,
      targetResource: options.target ?? spec['targetResource'],
      remediationRequestRef: merged(spec['remediationRequestRef'], { name: options.remediationRequest }),
      workflowRef: merged(spec['workflowRef'], {
        workflowId: options.workflow,
        version: options.workflowVersion,
        containerImage: options.image,
        containerDigest: options.digest,
      }),
      parameters: merged(spec['parameters'], parameters(options.param ?? [])),
      confidence: options.confidence === undefined ? spec['confidence'] : confidence(options.confidence),
      rationale: options.rationale ?? spec['rationale'],
      executionConfig: merged(spec['executionConfig'], {
        serviceAccountName: options.serviceAccount,
        timeout: options.runTimeout,
        onConflict: options.onConflict,
      }),
    }),
  });
  mustBeWhole(request);
  return request as unknown as CreateRequest; // its fields are checked by the service, which says what is wrong with them
}

/** The least that makes a request, by the option that says it. */
const NEEDED: readonly (readonly [option: string, path: readonly string[]])[] = [
  ['--target', ['spec', 'targetResource']],
  ['--workflow', ['spec', 'workflowRef', 'workflowId']],
  ['--workflow-version', ['spec', 'workflowRef', 'version']],
  ['--image', ['spec', 'workflowRef', 'containerImage']],
  ['--remediation-request', ['spec', 'remediationRequestRef', 'name']],
];

function mustBeWhole(request: Part): void {
  const at = (path: readonly string[]): unknown => path.reduce<unknown>((found, key) => part(found)[key], request);
  const missing = NEEDED.filter(([, path]) => at(path) === undefined).map(([option]) => option);
  if (missing.length > 0) throw usage(`expected ${missing.join(', ')}, or a file (-f) that says it; found nothing`);
}

function parameters(given: readonly string[]): Part {
  return Object.fromEntries(
    given.map((text) => {
      const end = text.indexOf('=');
      // The value may be a secret: it is not repeated.
      if (end < 1) throw usage('expected -p NAME=VALUE, found one without a name or without "="');
      return [text.slice(0, end), text.slice(end + 1)] as const;
    }),
  );
}

function confidence(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw usage(`expected --confidence as a number from 0 to 1; found ${JSON.stringify(text.slice(0, 40))}`);
}

const part = (value: unknown): Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Part) : {};

const defined = (fields: Part): Part =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** A part of the file with the options over it; as the file has it when no option says anything. */
function merged(given: unknown, options: Part): unknown {
  const said = defined(options);
  return Object.keys(said).length === 0 ? given : { ...part(given), ...said };
}
