import type { Case } from './agreement.ts';
import { disagreements } from './agreement.ts';
import { FORGED_CLAIMS } from './archived/forged-claims.ts';
import { FORGED_SCOPES } from './archived/forged-scopes.ts';
import { FORGED_STUBS } from './archived/forged-stubs.ts';
import { archivedWorld, before } from './archived/world.ts';
import { withPython } from './python.ts';
import { exported, fileOf } from './world.ts';

withPython(() => {
  test.each([
    ['stubs', FORGED_STUBS],
    ['claims', FORGED_CLAIMS],
    ['scopes and counts', FORGED_SCOPES],
  ])('both implementations name the same check and line for each of the forged %s', async (_, forgeries) => {
    const cases: Case[] = [];
    for (const [name, request, expected, forge] of forgeries) {
      const world = await archivedWorld();
      const lines = await exported(world.parts(), request === 'before' ? before(world) : request);
      cases.push({ name, expected, file: fileOf(await forge({ lines, world })) });
    }
    expect(cases.length).toBeGreaterThan(5);
    expect(await disagreements(cases, {})).toEqual([]);
  });
});
