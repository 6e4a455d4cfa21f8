import picocolors from 'picocolors';
import type { Shell, Sink } from '../shell.ts';

export type Colours = ReturnType<typeof picocolors.createColors>;
export type Paint = (text: string) => string;

/** Colour on terminals only; `--no-color` and NO_COLOR switch it off, FORCE_COLOR (but 0 and false) switches it on. */
export function coloursFor(sink: Sink, env: Shell['env'], isAllowed: boolean): Colours {
  return picocolors.createColors(isAllowed && isColoured(sink, env));
}

function isColoured(sink: Sink, env: Shell['env']): boolean {
  const { FORCE_COLOR: forced = '', NO_COLOR: no = '', TERM: terminal } = env;
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return no === '' && sink.isTTY && terminal !== 'dumb';
}

/** Phases, outcomes and states, the same colour everywhere. */
export function paintOf(colours: Colours, word: string): Paint {
  switch (word) {
    case 'Completed':
    case 'Success':
    case 'Free':
      return colours.green;
    case 'Failed':
      return colours.red;
    case 'Cancelled':
    case 'Skipped':
    case 'CoolingDown':
    case 'Releasing':
    case 'Waiting':
      return colours.yellow;
    case 'Running':
    case 'Held':
      return colours.cyan;
    default:
      return String;
  }
}
