import { specSchema } from '../src/http/schemas/spec.ts';
import { LONGEST_SPEC } from './crd/longest-spec.ts';
import { admitted, resource } from './crd/wfe-type.ts';

test('a spec that REST takes is not too long for the API server, in any field', () => {
  expect(specSchema.parse(LONGEST_SPEC)).toEqual(LONGEST_SPEC);
  expect(admitted(resource({ spec: LONGEST_SPEC }))).toMatchObject({ dropped: [], refusals: [] });
});
