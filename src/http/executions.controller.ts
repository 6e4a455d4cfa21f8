import type { IncomingHttpHeaders } from 'node:http';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { ExecutionSpec } from '#execution';
import { Replay, Targets } from '#audit';
import type { CreateRequest, ExecutionFilter, Projections } from '#runtime';
import type { Config } from '../config/schema.ts';
import { CONFIG, PROJECTIONS } from '../wiring/tokens.ts';
import { callerOf, idempotencyKeyOf } from './caller.ts';
import {
  CancelExecutionCommand,
  CreateExecutionCommand,
  ReleaseExecutionCommand,
  SyncExecutionCommand,
} from './commands.ts';
import { EventLog } from './event-log.ts';
import { sendBatch } from './events.controller.ts';
import { formFor } from './negotiation.ts';
import { Operation } from './operation.ts';
import { done, executionAnswer, foldedAnswer, foldedRow, rowAnswer, unknownExecution } from './presentation.ts';
import { ProblemError } from './problem.ts';
import { whileRebuilding } from './projections.controller.ts';
import { GetExecutionQuery, ListExecutionsQuery, ReadEventsQuery } from './queries.ts';
import * as text from './operations.ts';
import { CLOUD_EVENTS } from './schemas/cloud-events.ts';
import * as schemas from './schemas/requests.ts';
import { refused } from './validation.ts';

/** REST: every method checks, asks the bus, and says the answer in JSON. */
@ApiTags('executions')
@Controller('v1/executions')
export class ExecutionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(PROJECTIONS) private readonly projections: Projections,
    private readonly log: EventLog,
    private readonly targets: Targets,
    private readonly replay: Replay,
  ) {}

  @Post()
  @Operation(text.CREATE)
  async create(
    @Headers() headers: IncomingHttpHeaders,
    @Body({ schema: schemas.createBody }) body: schemas.CreateBody,
    @Res({ passthrough: true }) response: Response,
  ) {
    const request = this.requested(body, idempotencyKeyOf(headers));
    const answer = done(await this.commands.execute(new CreateExecutionCommand(request, callerOf(headers))));
    const { executionId, resource, revision, position, repeated } = answer;
    response.status(repeated ? 200 : 201).location(`/v1/executions/${executionId}`);
    return { executionId, resource, revision, position };
  }

  @Get()
  @Operation(text.LIST)
  async list(@Query({ schema: schemas.listQuery }) query: schemas.ListQuery) {
    const { limit, cursor, at, ...filter } = query;
    const page = { limit, ...(cursor !== undefined && { cursor }) };
    if (at !== undefined) return this.listAt(at, filter, page);
    const { items, next } = await this.queries.execute(new ListExecutionsQuery(filter, page));
    const rebuilding = await whileRebuilding(this.projections);
    return { items: items.map(rowAnswer), ...(next !== undefined && { next }), ...rebuilding };
  }

  private async listAt(at: string, { from, to, ...filter }: ExecutionFilter, page: { cursor?: string; limit: number }) {
    const beside = Object.entries({ from, to }).filter(([, value]) => value !== undefined);
    if (beside.length > 0)
      throw refused(beside.map(([name]) => ({ path: [name], message: 'expected no such field with at' })));
    const { items, next } = await this.targets.executions(at, filter, page);
    const rebuilding = await whileRebuilding(this.projections);
    return { items: items.map(foldedRow), ...(next !== undefined && { next }), ...rebuilding };
  }

  @Get(':id')
  @Operation(text.GET)
  async get(
    @Param({ schema: schemas.idParams }) { id }: schemas.IdParams,
    @Query({ schema: schemas.atQuery }) { at }: schemas.AtQuery,
  ) {
    if (at !== undefined) return this.getAt(id, at);
    const view = await this.queries.execute(new GetExecutionQuery(id));
    if (view === undefined) throw unknownExecution(id);
    return executionAnswer(view);
  }

  /** By the same rules as its history and what changed: a state is told only of points the log has. */
  private async getAt(id: string, at: schemas.Moment) {
    const folded = await this.replay.at(id, at);
    if (folded === undefined) throw unknownExecution(id, ', or was none at that moment');
    return foldedAnswer(folded);
  }

  @Get(':id/events')
  @Operation(text.EVENTS)
  async events(
    @Req() request: Request,
    @Res() response: Response,
    @Param({ schema: schemas.idParams }) { id }: schemas.IdParams,
    @Query({ schema: schemas.eventsQuery }) { after, limit }: schemas.EventsQuery,
  ): Promise<void> {
    response.vary('Accept');
    const form = formFor(request, ['application/json', CLOUD_EVENTS]);
    const found = await this.queries.execute(new ReadEventsQuery(id, after, limit + 1));
    if (found === undefined) throw unknownExecution(id);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const next = found.length > limit ? last?.revision : undefined;
    if (form !== CLOUD_EVENTS) response.json({ items, ...(next !== undefined && { next }) });
    else sendBatch(request, response, { items, ...(next !== undefined && { next: String(next) }) }, this.log, 'after');
  }

  @Post(':id/sync')
  @HttpCode(200)
  @ApiBody({ required: false })
  @Operation(text.SYNC)
  async sync(
    @Body({ schema: schemas.syncBody }) _: unknown,
    @Param({ schema: schemas.idParams }) { id }: schemas.IdParams,
    @Headers() headers: IncomingHttpHeaders,
  ) {
    return this.ordered(new SyncExecutionCommand(id, callerOf(headers)));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Operation(text.CANCEL)
  async cancel(
    @Param({ schema: schemas.idParams }) { id }: schemas.IdParams,
    @Headers() headers: IncomingHttpHeaders,
    @Body({ schema: schemas.cancelBody }) { mode, reason }: schemas.CancelBody,
  ) {
    return this.ordered(new CancelExecutionCommand(id, mode, reason, callerOf(headers)));
  }

  @Post(':id/release')
  @HttpCode(200)
  @Operation(text.RELEASE)
  async release(
    @Param({ schema: schemas.idParams }) { id }: schemas.IdParams,
    @Headers() headers: IncomingHttpHeaders,
    @Body({ schema: schemas.releaseBody }) { reason }: schemas.ReleaseBody,
  ) {
    return this.ordered(new ReleaseExecutionCommand(id, reason, callerOf(headers)));
  }

  private async ordered(command: SyncExecutionCommand | CancelExecutionCommand | ReleaseExecutionCommand) {
    const { executionId, resource, revision, position, recorded } = done(await this.commands.execute(command));
    return { executionId, resource, revision, position, recorded };
  }

  private requested(body: schemas.CreateBody, idempotencyKey: string | undefined): CreateRequest {
    const { namespace = this.config.execution.defaultNamespace, name } = body;
    const spec: ExecutionSpec = body.spec;
    const watched = this.config.controller.watchedNamespaces;
    if (watched.length > 0 && !watched.includes(namespace))
      throw new ProblemError(
        'namespace-not-watched',
        `Expected one of the namespaces ${watched.join(', ')}; found ${namespace}.`,
        {
          errors: [{ path: 'namespace', message: `expected one of ${watched.join(', ')}; found ${namespace}` }],
        },
      );
    return {
      spec,
      namespace,
      ...(name !== undefined && { name }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    };
  }
}
