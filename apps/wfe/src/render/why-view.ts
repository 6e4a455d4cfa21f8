import type { Causes, Why } from '../api/answers.ts';
import { clean } from './clean.ts';
import { paintOf, type Colours } from './colours.ts';
import { paintOfType } from './timeline.ts';
import { stamp, type Times } from './times.ts';

/** Where it stands, then a sentence a line. */
export function whyView({ phase, outcome, sentences }: Why, colours: Colours): string {
  const [stand = '', ...rest] = sentences.map(clean);
  const paint = paintOf(colours, outcome ?? phase);
  return [paint(stand), ...rest.map((sentence) => `  ${sentence}`)].map((line) => `${line}\n`).join('');
}

/** From the event back to the command that began it: what led to what stands below it. */
export function causesView({ items, omitted }: Causes, times: Times, colours: Colours): string {
  const lines = items.map(({ revision, type, time, sentence }, index) => {
    const arrow = index === 0 ? '' : `${colours.dim('because of')} `;
    const place = revision === undefined ? 'command' : String(revision);
    const head = `${arrow}${colours.dim(place)} ${paintOfType(colours, type)(clean(type))}`;
    return `${head}  ${colours.dim(stamp(times, time, 'milliseconds'))}\n    ${clean(sentence)}\n`;
  });
  if (omitted !== undefined && omitted > 0) lines.splice(-2, 0, colours.dim(`… ${omitted} more …\n`));
  return lines.join('');
}
