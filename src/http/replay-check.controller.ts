import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { ReplayNews } from '#audit';
import { ReplayCheck } from '#audit';
import { formFor } from './negotiation.ts';
import { Operation } from './operation.ts';
import { REPLAY_CHECK } from './operations/replay.ts';
import type { StreamKind } from './streaming.ts';
import { Streams } from './streaming.ts';

const LINES = 'application/x-ndjson';
/** It reads the whole log: one at a time is enough for anybody. */
const KIND: StreamKind = { name: 'replay-check', atOnce: 1, sort: 'whole' };

/** The whole log, folded by the code of today, against what is shown. */
@ApiTags('audit')
@Controller('v1/audit/replay-check')
export class ReplayCheckController {
  constructor(
    private readonly check: ReplayCheck,
    private readonly streams: Streams,
  ) {}

  @Get()
  @Operation(REPLAY_CHECK)
  async read(@Req() request: Request, @Res() response: Response): Promise<void> {
    response.vary('Accept');
    const type = formFor(request, ['application/json', LINES]);
    const chunks = (signal: AbortSignal) => (type === LINES ? this.lines(signal) : this.report(signal));
    await this.streams.send(KIND, request, response, { type, chunks });
  }

  private async *lines(signal: AbortSignal): AsyncGenerator<string> {
    for await (const news of this.check.run(signal)) yield `${JSON.stringify(lineOf(news))}\n`;
  }

  private async *report(signal: AbortSignal): AsyncGenerator<string> {
    for await (const news of this.check.run(signal)) if (news.kind === 'report') yield JSON.stringify(bare(news));
  }
}

const lineOf = (news: ReplayNews) => ({ [news.kind]: bare(news) });

function bare<News extends ReplayNews>({ kind, ...rest }: News): Omit<News, 'kind'> {
  void kind; // it is the name of the line
  return rest;
}
