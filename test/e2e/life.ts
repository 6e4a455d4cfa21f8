import { cancelling } from './life/cancelling.ts';
import { deleting } from './life/deleting.ts';
import { locks } from './life/locks.ts';
import { waitingForTheLock } from './life/waiting-for-the-lock.ts';
import { staged, type World } from './stage.ts';

/** Every path an execution can take, over real HTTP, with the real program, on whatever cluster the world gives. */
export function life(name: string, open: () => Promise<World>): void {
  describe(`the life of an execution on ${name}`, () => {
    // Not the default policy of the configuration, so that it shows where it comes from.
    const stage = staged(open, { onConflict: 'Skip' });
    describe('a target that is locked', () => locks(stage));
    describe('onConflict Wait', () => waitingForTheLock(stage));
    describe('cancel', () => cancelling(stage));
    describe('deletion of the resource', () => deleting(stage));
  });
}
