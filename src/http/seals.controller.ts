import type { IncomingHttpHeaders } from 'node:http';
import { Body, Controller, Get, Headers, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { SealKeyView, SealService } from '#runtime';
import { SEAL_SERVICE } from '../wiring/tokens.ts';
import { callerOf } from './caller.ts';
import { Operation } from './operation.ts';
import * as text from './operations/seals.ts';
import * as schemas from './schemas/seals.ts';

/** Seals of the log and the keys that sign them. */
@ApiTags('audit')
@Controller('v1/audit')
export class SealsController {
  constructor(@Inject(SEAL_SERVICE) private readonly service: SealService) {}

  @Get('seals')
  @Operation(text.SEALS)
  seals(@Query({ schema: schemas.sealsQuery }) { limit, cursor }: schemas.SealsQuery) {
    return this.service.seals({ limit, ...(cursor !== undefined && { cursor }) });
  }

  @Get('keys')
  @Operation(text.SEAL_KEYS)
  async keys() {
    const keys = await this.service.keys();
    return { items: keys.map(keyAnswer) };
  }

  @Post('seal')
  @HttpCode(200)
  @ApiBody({ required: false })
  @Operation(text.SEAL)
  seal(@Body({ schema: schemas.sealBody }) _: unknown, @Headers() headers: IncomingHttpHeaders) {
    return this.service.sealNow(callerOf(headers));
  }

  @Post('keys/rotate')
  @Operation(text.ROTATE)
  async rotate(
    @Body({ schema: schemas.rotateBody }) { reason }: schemas.RotateBody,
    @Headers() headers: IncomingHttpHeaders,
  ) {
    return keyAnswer(await this.service.rotateKey(reason, callerOf(headers)));
  }
}

const keyAnswer = ({ isInForce, ...key }: SealKeyView) => ({ ...key, inForce: isInForce });
