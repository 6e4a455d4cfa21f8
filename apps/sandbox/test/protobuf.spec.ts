import { namespaceFromProtobuf } from '../src/api/verbs/protobuf.ts';

describe('a namespace in protobuf', () => {
  const field = (number: number, content: string | Buffer): Buffer => {
    const bytes = Buffer.from(content);
    return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
  };
  const envelope = (apiVersion: string, kind: string, object: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from('k8s\0'),
      field(1, Buffer.concat([field(1, apiVersion), field(2, kind)])),
      field(2, object),
    ]);
  const entry = (key: string, value: string) => Buffer.concat([field(1, key), field(2, value)]);

  test('is read with its name, labels, annotations and finalizers', () => {
    const metadata = Buffer.concat([
      field(1, 'made'),
      field(2, ''),
      Buffer.from([7 * 8, 1]),
      field(11, entry('a', 'b')),
      field(12, entry('c', '')),
      field(14, 'example.com/x'),
    ]);
    expect(namespaceFromProtobuf(envelope('v1', 'Namespace', field(1, metadata)))).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'made', labels: { a: 'b' }, annotations: { c: '' }, finalizers: ['example.com/x'] },
    });
  });

  test('anything else is not read', () => {
    expect(namespaceFromProtobuf(envelope('v1', 'Secret', field(1, '')))).toBeUndefined();
    expect(namespaceFromProtobuf(Buffer.from('{}'))).toBeUndefined();
  });

  test('a message cut short is an error, not a namespace', () => {
    const whole = envelope('v1', 'Namespace', field(1, field(1, 'made')));
    expect(() => namespaceFromProtobuf(whole.subarray(0, -2))).toThrow(RangeError);
  });
});
