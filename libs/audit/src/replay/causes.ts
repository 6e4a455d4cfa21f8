import type { Actor, Command, Fact, Source } from '#execution';
import type { Step } from './folded.ts';
import { causingStep, headOf, placesById } from './history.ts';
import { doorOf, named, sentence } from './words.ts';

/** One link of a chain of causes; the outermost, a command, has no revision. */
export interface CausalLink {
  readonly revision?: number;
  /** Type of the event, or of the command. */
  readonly type: string;
  readonly time: string;
  readonly actor: Actor;
  readonly source: Source;
  readonly sentence: string;
}

export interface Causes {
  /** Nearest first: the event itself, what led to it, what led to that; last, the command that began it. */
  readonly items: readonly CausalLink[];
  /** Links left out before the last two, when there are too many. */
  readonly omitted?: number;
}

/** Links told of one chain. */
const MAX_LINKS = 200;

/** From an event back to the command that began it all. Pure. Every link is before the last, so it ends. */
export function causesOf(steps: readonly Step[], revision: number): Causes {
  const places = placesById(steps);
  const chain: Step[] = [];
  for (let step = steps[revision]; step !== undefined; step = causingStep(step, places)) chain.push(step);
  const first = chain.at(-1);
  if (first === undefined) return { items: [] };
  const links = [...chain.map(linkOf), beginning(first, steps)];
  const omitted = links.length - MAX_LINKS;
  return omitted <= 0 ? { items: links } : { items: [...links.slice(0, MAX_LINKS - 2), ...links.slice(-2)], omitted };
}

function linkOf(step: Step): CausalLink {
  const head = headOf(step);
  return { ...head, sentence: `${head.sentence} ${sentence(capital(doorOf(head)))}` };
}

/** The command behind an event that no other event led to. */
function beginning({ event }: Step, steps: readonly Step[]): CausalLink {
  const { time, actor, source, commandId } = event.metadata;
  const recorded = steps.filter((step) => step.event.metadata.commandId === commandId).map(({ fact }) => fact);
  const { type, wish } = orderOf(recorded);
  return { type, time, actor, source, sentence: sentence(`${wish}; ${doorOf(event.metadata)}`) };
}

/** Which command led to these events, and what it asked for: events of one command come together. */
function orderOf(recorded: readonly Fact[]): { readonly type: Command['type']; readonly wish: string } {
  const [first] = recorded;
  switch (first?.type) {
    case 'ExecutionCreated': {
      const { workflowRef, targetResource } = first.data.spec;
      const wish = `Run workflow ${named(workflowRef.workflowId)} on ${named(targetResource)}`;
      return { type: 'CreateExecution', wish };
    }
    case 'CancellationRequested':
      return { type: 'CancelExecution', wish: `Cancel it (${first.data.mode}): ${first.data.reason}` };
    case 'ReleaseRequested':
      return { type: 'ReleaseExecution', wish: `Give the lock back: ${first.data.reason}` };
    default:
      return { type: 'SyncExecution', wish: 'Look at the cluster, and record what is news' };
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
