import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Replay } from '#audit';
import { Operation } from './operation.ts';
import * as text from './operations/replay.ts';
import { unknownExecution } from './presentation.ts';
import * as schemas from './schemas/replay.ts';
import type { IdParams } from './schemas/requests.ts';
import { idParams } from './schemas/requests.ts';

const OR_THEN = ', or was none at that moment';

/** What happened to one execution, told from the log. */
@ApiTags('replay')
@Controller('v1/executions/:id')
export class ReplayController {
  constructor(private readonly replay: Replay) {}

  @Get('history')
  @Operation(text.HISTORY)
  async history(
    @Param({ schema: idParams }) { id }: IdParams,
    @Query({ schema: schemas.historyQuery }) query: schemas.HistoryQuery,
  ) {
    return found(await this.replay.history(id, query), id, query.at && OR_THEN);
  }

  @Get('diff')
  @Operation(text.DIFF)
  async diff(
    @Param({ schema: idParams }) { id }: IdParams,
    @Query({ schema: schemas.diffQuery }) { from, to }: schemas.DiffQuery,
  ) {
    return found(await this.replay.diff(id, from, to), id, to && OR_THEN);
  }

  @Get('causes')
  @Operation(text.CAUSES)
  async causes(
    @Param({ schema: idParams }) { id }: IdParams,
    @Query({ schema: schemas.causesQuery }) { revision }: schemas.CausesQuery,
  ) {
    return found(await this.replay.causes(id, revision), id);
  }

  @Get('why')
  @Operation(text.WHY)
  async why(
    @Param({ schema: idParams }) { id }: IdParams,
    @Query({ schema: schemas.whyQuery }) { at }: schemas.WhyQuery,
  ) {
    return found(await this.replay.why(id, at), id, at && OR_THEN);
  }
}

function found<Answer>(answer: Answer | undefined, id: string, when?: string): Answer {
  if (answer === undefined) throw unknownExecution(id, when);
  return answer;
}
