import type { IncomingHttpHeaders } from 'node:http';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Position } from '#event-store';
import type { WebhookService } from '#runtime';
import { WEBHOOK_SERVICE } from '../wiring/tokens.ts';
import { callerOf } from './caller.ts';
import { Operation } from './operation.ts';
import { REPLAY_WEBHOOK, WEBHOOKS } from './operations/webhooks.ts';
import { ProblemError } from './problem.ts';
import type { ReplayBody, WebhookParams } from './schemas/webhooks.ts';
import { replayBody, webhookParams } from './schemas/webhooks.ts';

/** Where events are sent, and how it goes. */
@ApiTags('webhooks')
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(@Inject(WEBHOOK_SERVICE) private readonly webhooks: WebhookService) {}

  @Get()
  @Operation(WEBHOOKS)
  async list() {
    return { items: await this.webhooks.list() };
  }

  @Post(':name/replay')
  @HttpCode(202)
  @Operation(REPLAY_WEBHOOK)
  async replay(
    @Param({ schema: webhookParams }) { name }: WebhookParams,
    @Headers() headers: IncomingHttpHeaders,
    @Body({ schema: replayBody }) { from, reason }: ReplayBody,
  ) {
    const answer = await this.webhooks.replay(name, from as Position, reason, callerOf(headers));
    if (answer !== undefined) return answer;
    throw new ProblemError('webhook-unknown', `Expected the name of a configured webhook; found ${name}.`);
  }
}
