import { Replay, ReplayCheck, Targets } from '#audit';
import { Module } from '@nestjs/common';
import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { BuildInfo } from './build-info.ts';
import type { Config } from './config/schema.ts';
import { COMMAND_HANDLERS } from './http/commands.ts';
import { ConfigController } from './http/config.controller.ts';
import { EventLog } from './http/event-log.ts';
import { EventsController } from './http/events.controller.ts';
import { ExecutionsController } from './http/executions.controller.ts';
import { ExportController } from './http/export.controller.ts';
import { LogExport } from './http/log-export.ts';
import { QUERY_HANDLERS } from './http/queries.ts';
import { LogVerification } from './http/log-verification.ts';
import { ProjectionsController } from './http/projections.controller.ts';
import { ReplayCheckController } from './http/replay-check.controller.ts';
import { ReplayController } from './http/replay.controller.ts';
import { SealsController } from './http/seals.controller.ts';
import { Streams } from './http/streaming.ts';
import { TargetsController } from './http/targets.controller.ts';
import { VerificationController } from './http/verification.controller.ts';
import { WebhooksController } from './http/webhooks.controller.ts';
import type { Served } from './wiring/assembled.ts';
import { BUILD_INFO, CONFIG, EXECUTION_SERVICE, PROJECTIONS, SEAL_SERVICE, WEBHOOK_SERVICE } from './wiring/tokens.ts';

export interface ModuleParts {
  readonly config: Config;
  readonly served: Served;
  readonly build: BuildInfo;
  readonly streams: Streams;
  readonly verification: LogVerification;
  readonly exporter: LogExport;
}

const CONTROLLERS: readonly Type[] = [
  ExecutionsController,
  EventsController,
  ReplayController,
  TargetsController,
  ReplayCheckController,
  SealsController,
  VerificationController,
  ExportController,
  ProjectionsController,
  WebhooksController,
  ConfigController,
];

/** Nest's part: controllers and the command and query bus. What runs behind them is given to it. */
@Module({})
export class AppModule {
  static with(parts: ModuleParts): DynamicModule {
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: [...CONTROLLERS],
      providers: [...providersOf(parts), ...COMMAND_HANDLERS, ...QUERY_HANDLERS],
    };
  }
}

const providersOf = ({ config, served, build, streams, verification, exporter }: ModuleParts): Provider[] => [
  { provide: CONFIG, useValue: config },
  { provide: BUILD_INFO, useValue: build },
  { provide: EXECUTION_SERVICE, useValue: served.service },
  { provide: EventLog, useValue: new EventLog(served.log, config.events.source) },
  { provide: Replay, useValue: served.replaying.replay },
  { provide: Targets, useValue: served.replaying.targets },
  { provide: ReplayCheck, useValue: served.replaying.check },
  { provide: SEAL_SERVICE, useValue: served.seals },
  { provide: WEBHOOK_SERVICE, useValue: served.webhooks },
  { provide: PROJECTIONS, useValue: served.projections },
  { provide: Streams, useValue: streams },
  { provide: LogVerification, useValue: verification },
  { provide: LogExport, useValue: exporter },
];
