import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { BundleRequest } from '#audit';
import { callerOf } from './caller.ts';
import { LogExport } from './log-export.ts';
import { formFor } from './negotiation.ts';
import { Operation } from './operation.ts';
import { EXPORT } from './operations/export.ts';
import type { ExportQuery } from './schemas/export.ts';
import { BUNDLE_TYPE, exportQuery } from './schemas/export.ts';
import type { StreamKind } from './streaming.ts';
import { Streams } from './streaming.ts';

/** Each may read all of the log. */
const BUNDLE: StreamKind = { name: 'export', atOnce: 2, sort: 'whole' };

/** The log, or a part of it, as a file that proves itself. */
@ApiTags('audit')
@Controller('v1/audit/export')
export class ExportController {
  constructor(
    private readonly exporter: LogExport,
    private readonly streams: Streams,
  ) {}

  @Get()
  @ApiProduces(BUNDLE_TYPE)
  @Operation(EXPORT)
  async export(
    @Req() request: Request,
    @Res() response: Response,
    @Query({ schema: exportQuery }) query: ExportQuery,
  ): Promise<void> {
    response.vary('Accept');
    const wanted = requested(query);
    await this.streams.send(BUNDLE, request, response, {
      type: formFor(request, [BUNDLE_TYPE]),
      gzip: true,
      headers: { 'Content-Disposition': `attachment; filename="${fileName(wanted)}"` },
      chunks: (signal) => this.exporter.chunks(wanted, callerOf(request.headers), signal),
    });
  }
}

function requested({ execution, from, to, seals }: ExportQuery): BundleRequest {
  if (execution !== undefined) return { kind: 'execution', executionId: execution, chain: seals === 'chain' };
  if (from === undefined && to === undefined) return { kind: 'all' };
  return { kind: 'time', ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** Of the moment, and of characters every system takes. */
function fileName(request: BundleRequest): string {
  const made = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const what = request.kind === 'execution' ? request.executionId : request.kind === 'all' ? 'log' : 'part';
  return `workflow-execution-${what}-${made}.ndjson`;
}
