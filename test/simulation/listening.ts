import { START } from '#event-store';
import type { Receiver } from './receiver.ts';
import { WEBHOOK } from './receiver.ts';
import { BUSY_MS } from './workload.ts';
import type { World } from './world.ts';

const SOMEBODY = { actor: { user: 'somebody' }, source: 'rest' } as const;
/** Replays of one world, at most, and restarts in good order: each writes down how far the webhook is. */
const MOST = { replays: 3, restarts: 4 };
/** Worlds with replays, as a part of all: a replay also brings what was left out before. */
const REPLAYED = 0.4;
/** Those asked for when an archive is being written, as a part of all: then it is close whether its events come again. */
const CLOSE = 0.7;
const PATIENCE_MS = 300_000;

/** Plans what a webhook has to get over: that all is to be told once more, and that whoever tells is replaced. */
export function beginListening(world: World): void {
  const { receiver, timeline, replicas } = world;
  if (receiver === undefined) return;
  const random = world.random.fork('listening');
  for (let count = random.between(0, MOST.restarts); count > 0; count -= 1)
    timeline.after(
      random.between(500, BUSY_MS),
      () => void receiver.next().then(() => random.pick(replicas).restart()),
    );
  for (let count = random.chance(REPLAYED) ? random.between(1, MOST.replays) : 0; count > 0; count -= 1) {
    const isClose = random.chance(CLOSE);
    timeline.after(random.between(500, BUSY_MS), () => void asked(world, receiver, isClose));
  }
}

/** What is answered is a promise. Without an answer, nobody knows. */
async function asked(world: World, receiver: Receiver, isClose: boolean): Promise<void> {
  const { replicas, random, trace, archiveDisk, timeline } = world;
  if (isClose) await Promise.race([archiveDisk.next(), timeline.sleep(PATIENCE_MS)]);
  const services = replicas.map(({ webhooks }) => webhooks).filter((webhooks) => webhooks !== undefined);
  if (services.length === 0) return;
  const replay = random.pick(services).replay(WEBHOOK, START, 'simulated', SOMEBODY);
  const answer = await replay.catch(() => undefined);
  trace.say('receiver', `asks for everything again: ${answer === undefined ? 'no answer' : JSON.stringify(answer)}`);
  if (answer !== undefined) receiver.replays.push(answer);
}
