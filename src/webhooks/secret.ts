import { readFile } from 'node:fs/promises';
import type { WebhookConfig } from '../config/webhooks.ts';
import { StartupError } from '../startup-error.ts';

/** A secret cannot be had; the message names the place and nothing of what stands there. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}

/** Keys in force, the newest first: with two of them, receivers can change over without missing anything. */
export type SigningKeys = readonly Buffer[];

const PREFIX = 'whsec_';
const MAX_KEYS = 5;
const MIN_KEY_BYTES = 24;
const MAX_KEY_BYTES = 64;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Reads the signing keys of a webhook; again each time, so that a Secret that is changed is used from then on. */
export async function signingKeys(
  { secretFile, secretEnv = '' }: Pick<WebhookConfig, 'secretFile' | 'secretEnv'>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<SigningKeys> {
  const where = secretFile === undefined ? `environment variable ${secretEnv}` : `file ${secretFile}`;
  const text = secretFile === undefined ? environment[secretEnv] : await fileText(secretFile, where);
  if (text === undefined) throw new SecretError(`expected a signing secret in the ${where}, found none`);
  const lines = text.split(/\s+/).filter((line) => line !== '');
  if (lines.length === 0 || lines.length > MAX_KEYS)
    throw new SecretError(`expected 1 to ${MAX_KEYS} signing secrets in the ${where}, found ${lines.length}`);
  return lines.map((line, at) => keyOf(line, `${where}, line ${at + 1}`));
}

async function fileText(path: string, where: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code = 'an error' } = error as NodeJS.ErrnoException;
    throw new SecretError(`expected a signing secret in the ${where}, found that it cannot be read (${code})`);
  }
}

function keyOf(line: string, where: string): Buffer {
  const text = line.startsWith(PREFIX) ? line.slice(PREFIX.length) : line;
  const key = BASE64.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  if (key.length >= MIN_KEY_BYTES && key.length <= MAX_KEY_BYTES) return key;
  throw new SecretError(
    `expected ${PREFIX} and the base64 of ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} random bytes in the ${where}, found something else; ` +
      `make one with: echo "${PREFIX}$(openssl rand -base64 32)"`,
  );
}

/** Asked once at the start: a webhook that cannot sign is a mistake of the configuration. @throws StartupError */
export async function mustHaveKeys(
  webhook: WebhookConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  try {
    await signingKeys(webhook, environment);
  } catch (error) {
    if (!(error instanceof SecretError)) throw error;
    throw new StartupError(`The webhook ${webhook.name} cannot be signed: ${error.message}.`);
  }
}
