import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Targets } from '#audit';
import type { Projections } from '#runtime';
import { PROJECTIONS } from '../wiring/tokens.ts';
import { Operation } from './operation.ts';
import * as text from './operations/replay.ts';
import { foldedRow } from './presentation.ts';
import { whileRebuilding } from './projections.controller.ts';
import { PREFLIGHT_REQUEST } from './schemas/replay-examples.ts';
import * as schemas from './schemas/targets.ts';
import { refused } from './validation.ts';

const ROOT = '/v1/targets/';

/** Targets: who has the lock, who waits for it, and whether a workflow may run. */
@ApiTags('replay')
@Controller('v1')
export class TargetsController {
  constructor(
    private readonly targets: Targets,
    @Inject(PROJECTIONS) private readonly projections: Projections,
  ) {}

  @Get('targets')
  @Operation(text.TARGETS)
  async list(@Query({ schema: schemas.targetsQuery }) query: schemas.TargetsQuery) {
    const { items, next } = await this.targets.targets(query);
    const told = items.map(({ last, ...rest }) => ({ ...rest, ...(last && { last: foldedRow(last) }) }));
    return { items: told, ...(next !== undefined && { next }), ...(await whileRebuilding(this.projections)) };
  }

  @Get('targets/*target')
  @ApiParam({ name: 'target', example: PREFLIGHT_REQUEST.targetResource, description: 'With its slashes, or as %2F.' })
  @Operation(text.TARGET)
  async get(@Req() request: Request, @Query({ schema: schemas.targetQuery }) { at, ...page }: schemas.TargetQuery) {
    const { history, ...rest } = await this.targets.target(targetOf(request), at, page);
    return { ...rest, ...(at !== undefined && { at }), history: history.map(foldedRow) };
  }

  @Post('preflight')
  @HttpCode(200)
  @Operation(text.PREFLIGHT)
  async preflight(
    @Body({ schema: schemas.preflightBody }) { targetResource, workflowId }: schemas.PreflightBody,
    @Query({ schema: schemas.preflightQuery }) { at }: schemas.PreflightQuery,
  ) {
    return this.targets.preflight(targetResource, workflowId, at);
  }
}

/** The name as it was written, slashes and all. @throws ProblemError, or URIError as a problem of the request */
function targetOf({ path }: Request): string {
  const parsed = schemas.targetName.safeParse(decodeURIComponent(path.slice(ROOT.length)));
  if (parsed.success) return parsed.data;
  throw refused(parsed.error.issues.map((issue) => ({ ...issue, path: ['target'] })));
}
