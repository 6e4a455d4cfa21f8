import { createReadStream } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { API_VERSION } from '#execution';
import { Failure } from '../exit-codes.ts';
import { clean } from '../render/clean.ts';
import { readAll } from './read-text.ts';

/** What a file said, before anybody checked it. */
export interface GivenRequest {
  readonly namespace?: unknown;
  readonly name?: unknown;
  readonly spec?: unknown;
}

/** A request is at most 64 KiB of JSON; a file may have comments. */
const MAX_BYTES = 1024 * 1024;
const KIND = 'WorkflowExecution';
/** What a manifest may say beside its name; REST has no place for anything else. */
const METADATA = new Set(['name', 'namespace']);
const BODY = new Set(['name', 'namespace', 'spec']);

/** Reads a manifest or a Create body, YAML or JSON; `-` is stdin. @throws Failure */
export async function readRequest(path: string, stdin: AsyncIterable<Uint8Array>): Promise<GivenRequest> {
  const name = path === '-' ? 'stdin' : path;
  const text = await readAll(path === '-' ? stdin : createReadStream(path), name, MAX_BYTES);
  const value = parse(text, name);
  return 'kind' in value || 'apiVersion' in value ? ofManifest(value, name) : ofBody(value, name);
}

function parse(text: string, name: string): Record<string, unknown> {
  // Keys that occur twice are an error; so are values that YAML makes something else of than a text would say.
  const documents = parseAllDocuments(text, { version: '1.2', uniqueKeys: true });
  const [document, ...more] = Array.isArray(documents) ? documents : [];
  if (document === undefined || more.length > 0)
    throw wrong(name, 'one document', more.length === 0 ? 'none' : 'several');
  const [error] = document.errors;
  if (error !== undefined) {
    const { line = 0, col = 0 } = error.linePos?.[0] ?? {};
    // Not the lines around it, which the library would add: they may hold a secret.
    throw wrong(name, 'YAML or JSON', `${error.code} at line ${line}, column ${col}`);
  }
  const value: unknown = document.toJS({ maxAliasCount: 10 });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(name, 'an object', 'something else');
  return value as Record<string, unknown>;
}

function ofManifest(manifest: Record<string, unknown>, file: string): GivenRequest {
  const { apiVersion, kind, metadata, spec } = manifest;
  if (apiVersion !== API_VERSION || kind !== KIND)
    throw wrong(file, `a ${KIND} of ${API_VERSION}`, `${said(kind)} of ${said(apiVersion)}`);
  const named = (typeof metadata === 'object' && metadata !== null ? metadata : {}) as Record<string, unknown>;
  const extra = Object.keys(named).filter((key) => !METADATA.has(key));
  if (extra.length > 0)
    throw new Failure(
      'usage',
      `expected only name and namespace in the metadata of ${file}; found ${extra.map(clean).join(', ')}`,
      {
        advice: 'REST has no place for them. Leave them out, or use kubectl apply.',
      },
    );
  return { namespace: named['namespace'], name: named['name'], spec };
}

function ofBody(body: Record<string, unknown>, file: string): GivenRequest {
  const extra = Object.keys(body).filter((key) => !BODY.has(key));
  if (extra.length === 0 && 'spec' in body) return body;
  throw wrong(
    file,
    'a WorkflowExecution manifest, or an object with spec, name and namespace',
    Object.keys(body).slice(0, 10).map(clean).join(', ') || 'nothing',
  );
}

const said = (value: unknown): string => (typeof value === 'string' ? clean(value.slice(0, 80)) : 'nothing');

const wrong = (file: string, expected: string, found: string): Failure =>
  new Failure('usage', `expected ${expected} in ${file}; found ${found}`);
