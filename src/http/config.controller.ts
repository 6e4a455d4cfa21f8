import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { BuildInfo } from '../build-info.ts';
import { effectiveConfig } from '../config/effective.ts';
import type { Config } from '../config/schema.ts';
import { BUILD_INFO, CONFIG } from '../wiring/tokens.ts';
import { Operation } from './operation.ts';
import * as text from './operations.ts';

@ApiTags('service')
@Controller('v1/config')
export class ConfigController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(BUILD_INFO) private readonly build: BuildInfo,
  ) {}

  @Get()
  @Operation(text.CONFIG)
  read() {
    return { ...this.build, config: effectiveConfig(this.config) };
  }
}
