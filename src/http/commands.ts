import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { CancelMode } from '#execution';
import type { CommandAnswer, CommandContext, CreateRequest, ExecutionService } from '#runtime';
import { EXECUTION_SERVICE } from '../wiring/tokens.ts';

/** Orders as they come in by REST. */
export class CreateExecutionCommand extends Command<CommandAnswer> {
  constructor(
    readonly request: CreateRequest,
    readonly context: CommandContext,
  ) {
    super();
  }
}

export class SyncExecutionCommand extends Command<CommandAnswer> {
  constructor(
    readonly executionId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

export class CancelExecutionCommand extends Command<CommandAnswer> {
  constructor(
    readonly executionId: string,
    readonly mode: CancelMode,
    readonly reason: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

export class ReleaseExecutionCommand extends Command<CommandAnswer> {
  constructor(
    readonly executionId: string,
    readonly reason: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CreateExecutionCommand)
class CreateExecutionHandler implements ICommandHandler<CreateExecutionCommand> {
  constructor(@Inject(EXECUTION_SERVICE) private readonly service: ExecutionService) {}

  execute({ request, context }: CreateExecutionCommand): Promise<CommandAnswer> {
    return this.service.create(request, context);
  }
}

@CommandHandler(SyncExecutionCommand)
class SyncExecutionHandler implements ICommandHandler<SyncExecutionCommand> {
  constructor(@Inject(EXECUTION_SERVICE) private readonly service: ExecutionService) {}

  execute({ executionId, context }: SyncExecutionCommand): Promise<CommandAnswer> {
    return this.service.sync(executionId, context);
  }
}

@CommandHandler(CancelExecutionCommand)
class CancelExecutionHandler implements ICommandHandler<CancelExecutionCommand> {
  constructor(@Inject(EXECUTION_SERVICE) private readonly service: ExecutionService) {}

  execute({ executionId, mode, reason, context }: CancelExecutionCommand): Promise<CommandAnswer> {
    return this.service.cancel(executionId, mode, reason, context);
  }
}

@CommandHandler(ReleaseExecutionCommand)
class ReleaseExecutionHandler implements ICommandHandler<ReleaseExecutionCommand> {
  constructor(@Inject(EXECUTION_SERVICE) private readonly service: ExecutionService) {}

  execute({ executionId, reason, context }: ReleaseExecutionCommand): Promise<CommandAnswer> {
    return this.service.release(executionId, reason, context);
  }
}

export const COMMAND_HANDLERS = [
  CreateExecutionHandler,
  SyncExecutionHandler,
  CancelExecutionHandler,
  ReleaseExecutionHandler,
];
