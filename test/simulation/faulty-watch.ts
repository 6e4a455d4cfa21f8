import type { Cluster, ResourceType, WatchMessage, WatchOptions } from '#kubernetes';
import { ClusterError } from '#kubernetes';
import { callName } from './names.ts';
import type { SimulatedProcess } from './process.ts';
import { never } from './process.ts';

/** A message comes up to this much later, when it is delayed; those behind it wait. */
const DELAY_MS = 5_000;
/** A message that is held back to be overtaken comes after this when none overtakes it. */
const OVERTAKEN_MS = 1_000;

/** A watch as one process has it: messages may be late, lost, doubled or out of order, and it may break. */
export async function* faultyWatch(
  cluster: Pick<Cluster, 'watch'>,
  process: SimulatedProcess,
  type: ResourceType,
  options: WatchOptions,
): AsyncGenerator<WatchMessage> {
  const name = callName('watch', type);
  if (!process.survives(`before ${name}`)) return never();
  const closed = new AbortController();
  process.onEnd(() => closed.abort());
  const signal = AbortSignal.any([options.signal, closed.signal]);
  const messages = cluster.watch(type, { ...options, signal })[Symbol.asyncIterator]();
  if (!process.survives(`after ${name}`)) return never();
  if (process.around.weather.isAway('API server')) throw broken(process, name, 'unavailable');
  try {
    yield* disturbed(messages, process, name, options.signal);
  } finally {
    closed.abort();
  }
}

async function* disturbed(
  messages: AsyncIterator<WatchMessage>,
  process: SimulatedProcess,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<WatchMessage> {
  const { weather, timeline } = process.around;
  const sleep = (ms: number): Promise<void> => process.within(timeline.sleep(ms, signal));
  let next = process.within(messages.next());
  let isDropping = false;
  for (;;) {
    const message = await next;
    if (message.done === true) return;
    next = process.within(messages.next());
    next.catch(() => undefined); // looked at in its turn
    if (weather.strikes('watch: delayed')) await sleep(weather.between(1, DELAY_MS));
    if (signal.aborted) return;
    if (weather.strikes('watch: 410 Gone')) throw broken(process, name, 'gone');
    if (isDropping || weather.strikes('watch: broken')) throw broken(process, name, 'unavailable');
    if (weather.strikes('watch: dropped')) {
      process.say(`${name}: lost ${told(message.value)}`);
      isDropping = true;
      continue;
    }
    if (weather.strikes('watch: lost for good')) {
      process.say(`${name}: lost for good ${told(message.value)}`);
      continue;
    }
    const later = weather.strikes('watch: reordered') ? await overtaking(next, message.value, sleep) : undefined;
    if (later !== undefined) {
      next = process.within(messages.next());
      next.catch(() => undefined);
      yield later;
    }
    yield message.value;
    if (weather.strikes('watch: duplicated')) yield message.value;
  }
}

/** The message after this one, if it comes soon and may come first: it is about another object. */
async function overtaking(
  next: Promise<IteratorResult<WatchMessage>>,
  held: WatchMessage,
  sleep: (ms: number) => Promise<void>,
): Promise<WatchMessage | undefined> {
  const found = await Promise.race([next.catch(() => undefined), sleep(OVERTAKEN_MS)]);
  if (found === undefined || found.done === true) return undefined;
  const { value } = found;
  if (value.type === 'BOOKMARK' || held.type === 'BOOKMARK') return undefined;
  return value.object.metadata.name === held.object.metadata.name ? undefined : value;
}

function broken(process: SimulatedProcess, name: string, code: 'gone' | 'unavailable'): ClusterError {
  process.say(`${name}: ${code}`);
  return new ClusterError(code, 'simulated: the watch broke');
}

const told = (message: WatchMessage): string =>
  message.type === 'BOOKMARK' ? 'a bookmark' : `${message.type} ${message.object.metadata.name}`;
