import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { LogVerification } from './log-verification.ts';
import { formFor } from './negotiation.ts';
import { Operation } from './operation.ts';
import { VERIFY } from './operations/verification.ts';
import type { VerifyQuery } from './schemas/verification.ts';
import { NDJSON, verifyQuery } from './schemas/verification.ts';
import type { StreamKind } from './streaming.ts';
import { Streams } from './streaming.ts';

/** One at a time: each reads all of the log, and a second one would say the same. */
const VERIFICATION: StreamKind = { name: 'verification', atOnce: 1, sort: 'whole' };

/** Whether the log can be believed. */
@ApiTags('audit')
@Controller('v1/audit/verify')
export class VerificationController {
  constructor(
    private readonly verification: LogVerification,
    private readonly streams: Streams,
  ) {}

  @Get()
  @Operation(VERIFY)
  async verify(
    @Query({ schema: verifyQuery }) { archives }: VerifyQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    response.vary('Accept');
    const form = formFor(request, ['application/json', NDJSON]);
    const chunks = (signal: AbortSignal): AsyncGenerator<string> =>
      form === NDJSON ? this.lines(archives, signal) : this.whole(archives, signal);
    await this.streams.send(VERIFICATION, request, response, { type: form, chunks });
  }

  private async *lines(archives: boolean, signal: AbortSignal): AsyncGenerator<string> {
    for await (const message of this.verification.run(archives, signal)) yield `${JSON.stringify(message)}\n`;
  }

  private async *whole(archives: boolean, signal: AbortSignal): AsyncGenerator<string> {
    for await (const message of this.verification.run(archives, signal))
      if ('report' in message) yield JSON.stringify(message.report);
  }
}
