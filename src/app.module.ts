import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { ExecutionService, Projections } from '#runtime';
import type { BuildInfo } from './build-info.ts';
import type { Config } from './config/schema.ts';
import { COMMAND_HANDLERS } from './http/commands.ts';
import { ConfigController } from './http/config.controller.ts';
import { EventLog } from './http/event-log.ts';
import { EventsController } from './http/events.controller.ts';
import { ExecutionsController } from './http/executions.controller.ts';
import { ReplayCheckController } from './http/replay-check.controller.ts';
import { ReplayController } from './http/replay.controller.ts';
import { QUERY_HANDLERS } from './http/queries.ts';
import { Streams } from './http/streaming.ts';
import { TargetsController } from './http/targets.controller.ts';
import { Replay, ReplayCheck, Targets } from '#audit';
import type { AuditedLog, Replaying } from './wiring/assembled.ts';
import { ProjectionsController } from './http/projections.controller.ts';
import { BUILD_INFO, CONFIG, EXECUTION_SERVICE, PROJECTIONS } from './wiring/tokens.ts';

export interface ModuleParts {
  readonly config: Config;
  readonly service: ExecutionService;
  readonly events: AuditedLog;
  readonly replaying: Replaying;
  readonly projections: Projections;
  readonly build: BuildInfo;
  readonly streams: Streams;
}

/** Nest's part: controllers and the command and query bus. What runs behind them is given to it. */
@Module({})
export class AppModule {
  static with({ config, service, events, replaying, projections, build, streams }: ModuleParts): DynamicModule {
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: [
        ExecutionsController,
        EventsController,
        ReplayController,
        TargetsController,
        ReplayCheckController,
        ProjectionsController,
        ConfigController,
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: BUILD_INFO, useValue: build },
        { provide: EXECUTION_SERVICE, useValue: service },
        { provide: EventLog, useValue: new EventLog(events, config.events.source) },
        { provide: PROJECTIONS, useValue: projections },
        { provide: Streams, useValue: streams },
        { provide: Replay, useValue: replaying.replay },
        { provide: Targets, useValue: replaying.targets },
        { provide: ReplayCheck, useValue: replaying.check },
        ...COMMAND_HANDLERS,
        ...QUERY_HANDLERS,
      ],
    };
  }
}
