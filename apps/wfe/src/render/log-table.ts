import { executionIdOf } from '#execution';
import type { LogEvent } from '../api/answers.ts';
import { clean } from './clean.ts';
import type { Colours } from './colours.ts';
import { padded } from './table.ts';
import { paintOfType } from './timeline.ts';
import { stamp, type Times } from './times.ts';

const ID_WIDTH = 36;
const REVISION_WIDTH = 4;
const TYPE_WIDTH = 25;
/** `system:workflow-execution-service (scheduler)`: most of the log is done by the service itself. */
const BY_WIDTH = 45;

/** The log, an event a line in columns of fixed width: what comes later is not known yet. */
export function logLine(event: LogEvent, times: Times, colours: Colours): string {
  const { stream, revision, type, metadata } = event;
  const cells = [
    colours.dim(stamp(times, metadata.time, 'milliseconds')),
    padded(clean(executionIdOf(stream) ?? stream), ID_WIDTH),
    colours.dim(String(revision).padStart(REVISION_WIDTH)),
    paintOfType(colours, type)(padded(clean(type), TYPE_WIDTH)),
    padded(clean(`${metadata.actor.user} (${metadata.source})`), BY_WIDTH),
    clean(metadata.correlationId),
  ];
  return `${cells.join('  ').trimEnd()}\n`;
}

/** Titles above those columns. */
export function logTitles(times: Times, colours: Colours): string {
  const timeWidth = stamp(times, '2026-01-01T00:00:00Z', 'milliseconds').length;
  const titles = [
    'TIME'.padEnd(timeWidth),
    'EXECUTION'.padEnd(ID_WIDTH),
    'REV'.padStart(REVISION_WIDTH),
    'EVENT'.padEnd(TYPE_WIDTH),
    'BY'.padEnd(BY_WIDTH),
    'REMEDIATION',
  ];
  return `${colours.bold(titles.join('  '))}\n`;
}
