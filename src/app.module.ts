import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { ExecutionService, SealService } from '#runtime';
import type { BuildInfo } from './build-info.ts';
import type { Config } from './config/schema.ts';
import { COMMAND_HANDLERS } from './http/commands.ts';
import { ConfigController } from './http/config.controller.ts';
import { EventLog } from './http/event-log.ts';
import { EventsController } from './http/events.controller.ts';
import { ExecutionsController } from './http/executions.controller.ts';
import { QUERY_HANDLERS } from './http/queries.ts';
import { LogVerification } from './http/log-verification.ts';
import { SealsController } from './http/seals.controller.ts';
import { Streams } from './http/streaming.ts';
import { VerificationController } from './http/verification.controller.ts';
import type { AuditedLog } from './wiring/assembled.ts';
import { BUILD_INFO, CONFIG, EXECUTION_SERVICE, SEAL_SERVICE } from './wiring/tokens.ts';

export interface ModuleParts {
  readonly config: Config;
  readonly service: ExecutionService;
  readonly events: AuditedLog;
  readonly seals: SealService;
  readonly build: BuildInfo;
  readonly streams: Streams;
  readonly verification: LogVerification;
}

/** Nest's part: controllers and the command and query bus. What runs behind them is given to it. */
@Module({})
export class AppModule {
  static with({ config, service, events, seals, build, streams, verification }: ModuleParts): DynamicModule {
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: [ExecutionsController, EventsController, SealsController, VerificationController, ConfigController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: BUILD_INFO, useValue: build },
        { provide: EXECUTION_SERVICE, useValue: service },
        { provide: EventLog, useValue: new EventLog(events, config.events.source) },
        { provide: SEAL_SERVICE, useValue: seals },
        { provide: Streams, useValue: streams },
        { provide: LogVerification, useValue: verification },
        ...COMMAND_HANDLERS,
        ...QUERY_HANDLERS,
      ],
    };
  }
}
