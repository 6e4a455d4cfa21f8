/** A Markdown table, padded as the formatter would. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [first, ...rest] = cells as [string[], ...string[][]];
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

/** The part of a document between the two marks of a generated table. */
export function generatedPart(document: string): string | undefined {
  return /<!-- generated: begin -->\n\n([\s\S]*?)\n\n<!-- generated: end -->/.exec(document)?.[1];
}
