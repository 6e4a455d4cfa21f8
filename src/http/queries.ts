import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import type { RecordedEvent } from '#event-store';
import type { ExecutionFilter, ExecutionPage, ExecutionService, ExecutionView } from '#runtime';
import { EXECUTION_SERVICE } from '../wiring/tokens.ts';

/** Questions as they come in by REST. */
export class GetExecutionQuery extends Query<ExecutionView | undefined> {
  constructor(readonly executionId: string) {
    super();
  }
}

export class ListExecutionsQuery extends Query<ExecutionPage> {
  constructor(
    readonly filter: ExecutionFilter,
    readonly page: { readonly cursor?: string; readonly limit: number },
  ) {
    super();
  }
}

export class ReadEventsQuery extends Query<readonly RecordedEvent[] | undefined> {
  constructor(
    readonly executionId: string,
    readonly after: number,
    readonly limit: number,
  ) {
    super();
  }
}

@QueryHandler(GetExecutionQuery)
class GetExecutionHandler implements IQueryHandler<GetExecutionQuery> {
  constructor(@Inject(EXECUTION_SERVICE) private readonly service: ExecutionService) {}

  execute({ executionId }: GetExecutionQuery): Promise<ExecutionView | undefined> {
    return this.service.get(executionId);
  }
}

@QueryHandler(ListExecutionsQuery)
class ListExecutionsHandler implements IQueryHandler<ListExecutionsQuery> {
  constructor(@Inject(EXECUTION_SERVICE) private readonly service: ExecutionService) {}

  execute({ filter, page }: ListExecutionsQuery): Promise<ExecutionPage> {
    return this.service.list(filter, page);
  }
}

@QueryHandler(ReadEventsQuery)
class ReadEventsHandler implements IQueryHandler<ReadEventsQuery> {
  constructor(@Inject(EXECUTION_SERVICE) private readonly service: ExecutionService) {}

  execute({ executionId, after, limit }: ReadEventsQuery): Promise<readonly RecordedEvent[] | undefined> {
    return this.service.events(executionId, after, limit);
  }
}

export const QUERY_HANDLERS = [GetExecutionHandler, ListExecutionsHandler, ReadEventsHandler];
