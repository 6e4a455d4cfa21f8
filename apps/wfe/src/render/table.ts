import Table from 'cli-table3';
import { clean } from './clean.ts';
import type { Colours, Paint } from './colours.ts';

/** One column: its title and what it shows of a row. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string | number | undefined;
  readonly paint?: (row: Row) => Paint;
  readonly align?: 'right';
  /** Gives way when the terminal is too narrow. At most one of a table. */
  readonly isFlexible?: boolean;
}

export interface Layout {
  readonly colours: Colours;
  /** Of the terminal; absent: as wide as it takes. */
  readonly width?: number;
}

const GAP = 3;
/** A flexible column keeps this much, however narrow the terminal. */
const LEAST_WIDTH = 20;
const NO_BORDER = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
] as const;
const CHARACTERS = Object.fromEntries(NO_BORDER.map((name) => [name, '']));

/** A table as kubectl prints it: no lines, aligned by what is seen, nothing at the ends of lines. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], layout: Layout): string {
  const titles = columns.map(({ title, align }) => cellOf(layout.colours.bold(title), align));
  const body = rows.map((row) => columns.map((column) => shown(column, row)));
  const all = [titles, ...body];
  const flexible = columns.findIndex(({ isFlexible }) => isFlexible);
  const width = flexible < 0 ? undefined : fitting(all, flexible, layout.width);
  if (width === undefined) return laidOut(all);
  const cut = rows.map((row) =>
    columns.map((column, index) => shown(column, row, index === flexible ? width - GAP : undefined)),
  );
  return laidOut(
    [titles, ...cut],
    columns.map((_, index) => (index === flexible ? width : null)),
  );
}

type Cell = Table.CellOptions;

function shown<Row>({ cell, paint, align }: Column<Row>, row: Row, width = Infinity): Cell {
  const text = shortened(clean(String(cell(row) ?? '')), width);
  return cellOf(paint === undefined ? text : paint(row)(text), align);
}

const cellOf = (content: string, align: 'right' | undefined): Cell => ({ content, hAlign: align ?? 'left' });

/** Without its middle: names of one kind begin alike, and differ at the end. Of wide characters the table cuts the end. */
function shortened(text: string, width: number): string {
  if (text.length <= width || displayWidth(text) !== text.length) return text;
  const tail = Math.ceil((width - 1) / 2);
  return `${text.slice(0, width - 1 - tail)}…${text.slice(-tail)}`;
}

/** The width of the flexible column, cut to what is left; undefined when everything fits. */
function fitting(rows: readonly Cell[][], flexible: number, width: number | undefined): number | undefined {
  if (width === undefined) return undefined;
  const excess = widthOf(rows) - GAP - width;
  if (excess <= 0) return undefined;
  const natural = widthOf(rows.map((row) => row.filter((_, index) => index === flexible)));
  return Math.max(natural - excess, LEAST_WIDTH);
}

/** As seen, with the gap after the last column: a row of nothing is filled up with blanks, and these can be counted. */
function widthOf(rows: readonly Cell[][]): number {
  const nothing = (rows[0] ?? []).map(() => cellOf('', undefined));
  return (
    tableOf([...rows, nothing])
      .toString()
      .split('\n')
      .at(-1)?.length ?? 0
  );
}

function laidOut(rows: readonly Cell[][], colWidths?: (number | null)[]): string {
  const lines = tableOf(rows, colWidths).toString().split('\n');
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function tableOf(rows: readonly Cell[][], colWidths: (number | null)[] = []): Table.Table {
  const style = { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] };
  const made = new Table({ chars: CHARACTERS, style, colWidths });
  made.push(...rows.map((row) => [...row]));
  return made;
}

/** Columns a text takes on a terminal: 2 for wide characters, 0 for what only joins them. */
export function displayWidth(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : widthOf([[{ content: text }]]) - GAP;
}

/** A text filled up with spaces to a width as seen; longer ones stay whole. */
export const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - displayWidth(text)));
