import type { EventStore, RecordedEvent } from '#event-store';
import { pagesOf } from '#event-store';
import { executionIdOf } from '#execution';
import type { EventFilter } from '../log-index.ts';
import type { Traits } from './traits.ts';
import { NO_TRAITS, traitsAfter } from './traits.ts';

/** Executions whose traits are remembered; the one asked about longest ago is read again. */
const REMEMBERED = 2_000;

/** Says of one event whether it passes a filter: the same answer LogIndex gives, for events as they arrive. */
export class EventMatching {
  private readonly known = new Map<string, Traits>();

  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly remembered = REMEMBERED,
  ) {}

  /** An event of no execution passes no filter. */
  async matches(filter: EventFilter, event: RecordedEvent): Promise<boolean> {
    if (!passesAlone(filter, event)) return false;
    const { target, workflowId, outcome } = filter;
    if (target === undefined && workflowId === undefined && outcome === undefined) return true;
    const traits = await this.traitsAt(event);
    const isEnded = traits.end !== undefined && traits.end.revision <= event.revision;
    return (
      isOrAny(target, traits.target) &&
      isOrAny(workflowId, traits.workflowId) &&
      isOrAny(outcome, isEnded ? traits.end?.outcome : undefined)
    );
  }

  /** Traits that speak at least up to this event. */
  private async traitsAt(event: RecordedEvent): Promise<Traits> {
    const { stream, revision } = event;
    let traits = this.known.get(stream) ?? NO_TRAITS;
    if (revision === traits.through + 1) traits = traitsAfter(traits, event);
    if (revision > traits.through) traits = await this.readOn(stream, traits, revision);
    this.remember(stream, traits);
    return traits;
  }

  private async readOn(stream: string, from: Traits, revision: number): Promise<Traits> {
    let traits = from;
    for await (const events of pagesOf(this.store, stream, from.through + 1)) {
      traits = events.reduce(traitsAfter, traits);
      if (traits.through >= revision) break;
    }
    return traits;
  }

  private remember(stream: string, traits: Traits): void {
    this.known.delete(stream);
    this.known.set(stream, traits);
    if (this.known.size > this.remembered) this.known.delete(this.known.keys().next().value as string);
  }
}

/** What the event says of itself. */
function passesAlone(filter: EventFilter, { type, stream, metadata }: RecordedEvent): boolean {
  const { types, executionId, actor, correlationId, from, to } = filter;
  const id = executionIdOf(stream);
  if (id === undefined || (types !== undefined && !types.includes(type))) return false;
  if (!isOrAny(executionId, id) || !isOrAny(actor, metadata.actor.user)) return false;
  if (!isOrAny(correlationId, metadata.correlationId)) return false;
  const atMs = Date.parse(metadata.time);
  return (from === undefined || atMs >= Date.parse(from)) && (to === undefined || atMs < Date.parse(to));
}

const isOrAny = (wanted: string | undefined, found: string | undefined): boolean =>
  wanted === undefined || wanted === found;
