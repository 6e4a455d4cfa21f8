import type { Fields } from '../../store/object.ts';

/**
 * `kubectl create namespace` sends protobuf and nothing else, so that much of it is read here: the envelope, and of the
 * object inside its metadata. Everything else that kubectl writes comes as JSON or YAML.
 */
export function namespaceFromProtobuf(body: Buffer): Fields | undefined {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const [envelope, object] = enveloped(body.subarray(MAGIC.length));
  if (envelope['apiVersion'] !== 'v1' || envelope['kind'] !== 'Namespace') return undefined;
  const [metadata] = fieldsOf(object).flatMap(({ number, bytes }) =>
    number === 1 && bytes ? [metadataOf(bytes)] : [],
  );
  return { ...envelope, metadata: metadata ?? {} };
}

const MAGIC = Buffer.from('k8s\0');

/** runtime.Unknown: 1 the type (1 apiVersion, 2 kind), 2 the object's bytes. */
function enveloped(message: Buffer): [type: Fields, object: Buffer] {
  const type: Fields = {};
  let object = Buffer.alloc(0);
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === 1 && bytes) for (const [name, text] of strings(bytes, ['', 'apiVersion', 'kind'])) type[name] = text;
    if (number === 2 && bytes) object = Buffer.from(bytes);
  }
  return [type, object];
}

/** ObjectMeta: 1 name, 2 generateName, 11 labels, 12 annotations, 14 finalizers; the rest is the server's to say. */
function metadataOf(message: Buffer): Fields {
  const metadata: Fields = Object.fromEntries(
    strings(message, ['', 'name', 'generateName']).filter(([, text]) => text !== ''),
  );
  const of = (wanted: number): Buffer[] =>
    fieldsOf(message).flatMap(({ number, bytes }) => (number === wanted && bytes ? [bytes] : []));
  const map = (entries: Buffer[]): Fields => {
    const pairs = entries.map((entry) => Object.fromEntries(strings(entry, ['', 'key', 'value'])));
    return Object.fromEntries(pairs.map(({ key = '', value = '' }): [string, string] => [key, value]));
  };
  if (of(11).length > 0) metadata['labels'] = map(of(11));
  if (of(12).length > 0) metadata['annotations'] = map(of(12));
  if (of(14).length > 0) metadata['finalizers'] = of(14).map((bytes) => bytes.toString('utf8'));
  return metadata;
}

/** The string fields of a message, by the names of their numbers. */
function strings(message: Buffer, names: readonly string[]): [string, string][] {
  return fieldsOf(message).flatMap(({ number, bytes }): [string, string][] => {
    const name = names[number];
    return name && bytes ? [[name, bytes.toString('utf8')]] : [];
  });
}

interface WireField {
  readonly number: number;
  /** Absent for fields that are numbers. */
  readonly bytes?: Buffer;
}

/** Fields of a message as they are on the wire. @throws RangeError when it is cut short */
function fieldsOf(message: Buffer): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message.readUInt8(at);
      at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) {
      varint();
      fields.push({ number });
    } else if (wire === 2) {
      const length = varint();
      if (at + length > message.length) throw new RangeError('expected a whole protobuf message, found one cut short');
      fields.push({ number, bytes: message.subarray(at, at + length) });
      at += length;
    } else at += wire === 1 ? 8 : 4;
  }
  return fields;
}
