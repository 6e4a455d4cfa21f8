import type { Cluster, ObjectName, SecretObject } from '#kubernetes';
import { ClusterError, SECRETS } from '#kubernetes';
import { checkKey, KeyExistsError } from './key-vault.ts';
import type { KeyVault } from './key-vault.ts';

/** Somebody else wrote the Secret meanwhile; so often it is looked at again. */
const ATTEMPTS = 5;

/** Keys as values of one Secret, which is made with the first. */
export class SecretKeyVault implements KeyVault {
  readonly place: string;

  constructor(
    private readonly cluster: Cluster,
    private readonly secret: ObjectName,
  ) {
    this.place = `the Secret ${secret.namespace}/${secret.name}`;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    checkKey(name);
    return valueOf(await this.stored(), name);
  }

  async create(name: string, bytes: Uint8Array): Promise<void> {
    checkKey(name, bytes);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.add(name, bytes);
      } catch (error) {
        if (!wasOvertaken(error) || attempt >= ATTEMPTS) throw withoutContent(error);
      }
    }
  }

  /** Based on the version read: of two who write at once, one is refused. */
  private async add(name: string, bytes: Uint8Array): Promise<void> {
    const stored = await this.stored();
    const kept = valueOf(stored, name);
    if (kept !== undefined) {
      if (Buffer.from(kept).equals(bytes)) return;
      throw new KeyExistsError(name, this.place);
    }
    const data = { ...stored?.data, [name]: Buffer.from(bytes).toString('base64') };
    if (stored === undefined) await this.cluster.create(SECRETS, this.secretWith(data));
    else await this.cluster.replace(SECRETS, withData(stored, data));
  }

  private secretWith(data: Readonly<Record<string, string>>): SecretObject {
    return { apiVersion: SECRETS.version, kind: SECRETS.kind, metadata: this.secret, type: 'Opaque', data };
  }

  private async stored(): Promise<SecretObject | undefined> {
    try {
      return await this.cluster.get(SECRETS, this.secret);
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'not-found') return undefined;
      throw error;
    }
  }
}

const withData = (secret: SecretObject, data: Readonly<Record<string, string>>): SecretObject => ({ ...secret, data });

const valueOf = (secret: SecretObject | undefined, name: string): Uint8Array | undefined => {
  const value = secret?.data !== undefined && Object.hasOwn(secret.data, name) ? secret.data[name] : undefined;
  return value === undefined ? undefined : Buffer.from(value, 'base64');
};

/** An API server may say in its answer what it was sent; that must go no further. */
const withoutContent = (error: unknown): unknown =>
  error instanceof ClusterError
    ? new ClusterError(error.code, `the Secret could not be written (${error.code})`, {
        ...(error.details.status !== undefined && { status: error.details.status }),
      })
    : error;

const wasOvertaken = (error: unknown): boolean =>
  error instanceof ClusterError && (error.code === 'conflict' || error.code === 'already-exists');
