import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { EventFilter, EventPage } from '#audit';
import type { Position } from '#event-store';
import { START } from '#event-store';
import { systemClock } from '#kubernetes';
import { EventLog } from './event-log.ts';
import { EVENT_STREAM, eventStream } from './event-stream.ts';
import { formFor } from './negotiation.ts';
import { Operation } from './operation.ts';
import { EVENT_LOG } from './operations/events.ts';
import { CLOUD_EVENTS } from './schemas/cloud-events.ts';
import type { LogEventsQuery } from './schemas/events.ts';
import { DEFAULT_PAGE, logEventsQuery } from './schemas/events.ts';
import type { StreamKind } from './streaming.ts';
import { Streams } from './streaming.ts';
import { refused } from './validation.ts';

/** Followers of the log at a time; each holds a few dozen events at most. */
const FOLLOWERS: StreamKind = { name: 'events', atOnce: 100, sort: 'live' };
const POSITION_CHARACTERS = 200;

/** The log of all executions: in pages, or as it happens. */
@ApiTags('events')
@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly log: EventLog,
    private readonly streams: Streams,
  ) {}

  @Get()
  @Operation(EVENT_LOG)
  async read(
    @Req() request: Request,
    @Res() response: Response,
    @Query({ schema: logEventsQuery }) query: LogEventsQuery,
  ): Promise<void> {
    response.vary('Accept');
    const form = formFor(request, ['application/json', CLOUD_EVENTS, EVENT_STREAM]);
    if (form === EVENT_STREAM) return this.follow(request, response, query);
    mustBeAbsent(query, ['format'], form);
    const page = await this.page(query);
    response.type(form);
    if (form === CLOUD_EVENTS) sendBatch(request, response, page, this.log);
    else response.send(JSON.stringify(page));
  }

  private page(query: LogEventsQuery): Promise<EventPage> {
    const { order = 'asc', limit = DEFAULT_PAGE, cursor, after } = query;
    const direction = order === 'asc' ? 'forwards' : 'backwards';
    return this.log.page({
      ...{ filter: filterOf(query), direction, limit },
      ...(cursor !== undefined && { cursor }),
      ...(after !== undefined && { from: after as Position }),
    });
  }

  private async follow(request: Request, response: Response, query: LogEventsQuery): Promise<void> {
    mustBeAbsent(query, ['order', 'limit', 'cursor'], EVENT_STREAM);
    const { reader } = this.log;
    const after = (lastEventId(request) ?? query.after ?? (await reader.head())) as Position;
    if (after !== START) await reader.mustKnow(after);
    const tell = query.format === 'cloudevents' ? this.log.cloudEvent.bind(this.log) : (event: object) => event;
    const following = { reader, clock: systemClock, filter: filterOf(query), after, tell };
    await this.streams.send(FOLLOWERS, request, response, {
      type: EVENT_STREAM,
      // Buffering proxies would hold events back.
      headers: { 'X-Accel-Buffering': 'no' },
      chunks: (signal) => eventStream(following, signal),
    });
  }
}

/** Where a client that comes back has been: what it was told last counts more than the address it began with. */
function lastEventId(request: Request): string | undefined {
  const given = request.get('last-event-id');
  return given === undefined || given === '' ? undefined : given.slice(0, POSITION_CHARACTERS);
}

/** CloudEvents in a batch have no room for a cursor: it is a link in a header. */
export function sendBatch(
  request: Request,
  response: Response,
  { items, next }: Pick<EventPage, 'items' | 'next'>,
  log: EventLog,
  parameter = 'cursor',
): void {
  if (next !== undefined) {
    const { pathname, searchParams } = new URL(request.originalUrl, 'http://localhost');
    searchParams.set(parameter, next);
    response.links({ next: `${pathname}?${searchParams.toString()}` });
  }
  // `type` would add a charset, which this media type does not have.
  response.setHeader('Content-Type', CLOUD_EVENTS);
  response.end(JSON.stringify(items.map((event) => log.cloudEvent(event))));
}

/** Undefined for what was not asked: no condition. */
function filterOf(query: LogEventsQuery): EventFilter {
  const { type, execution, target, workflowId, actor, outcome, remediationRequest, from, to } = query;
  const types = type === undefined || Array.isArray(type) ? type : [type];
  return {
    ...(types !== undefined && { types }),
    ...(execution !== undefined && { executionId: execution }),
    ...(target !== undefined && { target }),
    ...(workflowId !== undefined && { workflowId }),
    ...(actor !== undefined && { actor }),
    ...(outcome !== undefined && { outcome }),
    ...(remediationRequest !== undefined && { correlationId: remediationRequest }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

/** @throws ProblemError for what means nothing in this form: it would be ignored otherwise */
function mustBeAbsent(query: LogEventsQuery, names: readonly (keyof LogEventsQuery)[], form: string): void {
  const found = names.filter((name) => query[name] !== undefined);
  if (found.length > 0)
    throw refused(found.map((name) => ({ path: [name], message: `expected no such field with Accept: ${form}` })));
}
