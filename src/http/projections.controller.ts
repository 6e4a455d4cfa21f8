import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Projection, Projections, RebuildProgress } from '#runtime';
import { PROJECTIONS } from '../wiring/tokens.ts';
import { Operation } from './operation.ts';
import { PROJECTIONS_LIST, REBUILD } from './operations/projections.ts';
import { ProblemError } from './problem.ts';
import type { NameParams, ProjectionAnswer } from './schemas/projections.ts';
import { nameParams, rebuildBody } from './schemas/projections.ts';

/** What is kept of the log, and building it anew. */
@ApiTags('service')
@Controller('v1/projections')
export class ProjectionsController {
  constructor(@Inject(PROJECTIONS) private readonly projections: Projections) {}

  @Get()
  @Operation(PROJECTIONS_LIST)
  async list() {
    return { items: (await this.projections.list()).map(projectionAnswer) };
  }

  @Post(':name/rebuild')
  @HttpCode(202)
  @ApiBody({ required: false })
  @Operation(REBUILD)
  async rebuild(
    @Body({ schema: rebuildBody }) _: unknown,
    @Param({ schema: nameParams }) { name }: NameParams,
  ): Promise<ProjectionAnswer> {
    const answer = await this.projections.rebuild(name);
    const known = await this.projections.list();
    const projection = known.find((each) => each.name === name);
    if (answer === 'Unknown' || projection === undefined)
      throw new ProblemError(
        'projection-unknown',
        `Expected one of ${known.map((each) => each.name).join(', ')}; found ${name}.`,
      );
    if (answer === 'Running')
      throw new ProblemError('rebuild-running', `${name} is being rebuilt already; wait for that to end.`);
    return projectionAnswer(projection);
  }
}

const projectionAnswer = ({ position, ...projection }: Projection): ProjectionAnswer => ({ ...projection, position });

/** The field `rebuilding` of a page that comes from the read model. */
export async function whileRebuilding(projections: Projections): Promise<{ readonly rebuilding?: RebuildProgress }> {
  const rebuilding = await projections.progress();
  return rebuilding === undefined ? {} : { rebuilding };
}
