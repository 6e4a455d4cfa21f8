import fc from 'fast-check';
import { Candidates, LEASE, type Candidate } from './support/candidates.ts';
import type { Weather } from './support/lease-server.ts';

const RUNS = 300;
/** Also ends the search for a smaller failing case. */
const LIMIT_MS = 60_000;
const HOUR_MS = 3_600_000;
const MAX_LATE_MS = 40_000;
/** Until the last request that was given up has come and gone. */
const STRAGGLERS_MS = MAX_LATE_MS + 24_000;
/** Lease duration, a retry with jitter, a second for the requests, at a clock as slow as ours; and once more for a lost reply. */
const SETTLED_MS = 45_000;

/** One of the three, or whoever leads just then. */
type Who = 0 | 1 | 2 | 'leader';

type Happening = { readonly who: Who; readonly thenMs: number } & (
  | { readonly what: 'pause' | 'resume' | 'touch' | 'upgrade' | 'crash' | 'twin' }
  | { readonly what: 'freeze'; readonly ms: number }
  | { readonly what: 'step'; readonly ms: number }
  | { readonly what: 'weather'; readonly weather: readonly Weather[] }
);

const weather: fc.Arbitrary<Weather> = fc.record({
  toServerMs: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 12_000 })),
  toClientMs: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 12_000 })),
  fate: fc.constantFrom('fine', 'fine', 'lost-request', 'lost-reply', 'late', 'server-error', 'too-many-requests'),
  lateMs: fc.integer({ min: 0, max: MAX_LATE_MS }),
});

/** On an ordinary day; slow enough that a pause often falls between a request and its answer. */
const latency: fc.Arbitrary<Weather> = fc.record({
  toServerMs: fc.integer({ min: 0, max: 300 }),
  toClientMs: fc.integer({ min: 0, max: 800 }),
  fate: fc.constant('fine'),
});

const step = fc.oneof(fc.constantFrom(HOUR_MS, -HOUR_MS), fc.integer({ min: -HOUR_MS, max: HOUR_MS }));

const kinds = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constantFrom('pause', 'resume', 'touch', 'upgrade', 'crash', 'twin') }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('freeze'), ms: fc.integer({ min: 0, max: 40_000 }) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('step'), ms: step }) },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant('weather'), weather: fc.array(weather, { minLength: 1, maxLength: 8 }) }),
  },
);
const happening = fc
  .tuple(
    kinds,
    fc.constantFrom<Who>(0, 1, 2, 'leader', 'leader', 'leader'),
    fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 20_000 })),
  )
  .map(([kind, who, thenMs]): Happening => ({ ...(kind as { what: 'pause' }), who, thenMs }));

/** Up to a tenth fast or slow. */
const rates = fc.array(fc.constantFrom(0.9, 1, 1.1), { minLength: 3, maxLength: 3 });

/** Three machines with one process each, and those that were asked to stop and have not ended yet. */
class Cast {
  readonly world = new Candidates();
  readonly actors: Candidate[];

  constructor(
    private readonly clockRates: readonly number[],
    private readonly latency: Weather,
  ) {
    this.actors = clockRates.map((_, index) => this.enter(index, `candidate-${index}`));
  }

  play(story: Happening): void {
    const leader = this.actors.findIndex(({ isLeading }) => isLeading);
    const who = story.who === 'leader' ? Math.max(leader, 0) : story.who;
    const actor = this.actors[who] as Candidate;
    switch (story.what) {
      case 'pause':
        return actor.machine.pause();
      case 'resume':
        return actor.machine.resume();
      case 'freeze':
        return actor.machine.freeze(story.ms);
      case 'touch':
        return this.world.server.touch(LEASE);
      case 'step':
        return actor.machine.step(story.ms);
      case 'weather':
        return void actor.machine.weather.push(...story.weather);
      case 'crash': // and comes back under the same name
        this.world.kill(actor);
        this.actors[who] = this.enter(who, actor.identity);
        return;
      case 'twin': // under the same name, while the one that is believed dead is only asleep
        actor.machine.freeze(20_000);
        this.actors[who] = this.enter(who, actor.identity);
        return;
      case 'upgrade':
        actor.stop();
        this.actors[who] = this.enter(who, `${actor.identity}+`);
        return;
    }
  }

  clearUp(): void {
    for (const { machine } of this.world.all) {
      machine.resume();
      machine.weather.length = 0;
    }
  }

  private enter(index: number, identity: string): Candidate {
    const actor = this.world.start(identity, {}, this.clockRates[index]);
    actor.windDownMs = index * 700;
    actor.machine.everyRequest = this.latency;
    return actor;
  }
}

describe('leader election in any weather', () => {
  test('never two that may act, and one that does once all is well again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { minLength: 10, maxLength: 40, size: 'max' }),
        rates,
        latency,
        async (stories, clockRates, usual) => {
          const cast = new Cast(clockRates, usual);
          for (const story of stories) {
            cast.play(story);
            await cast.world.run(story.thenMs);
          }
          cast.clearUp();
          await cast.world.run(STRAGGLERS_MS);
          await cast.world.until('a leader', () => cast.world.leaders.length === 1, SETTLED_MS);
        },
      ),
      { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true },
    );
  });
});
