import { Presets, SingleBar } from 'cli-progress';
import type { Sink } from '../shell.ts';

/** How far a long work is. Shown on a terminal, and nowhere else. */
export interface Progress {
  /** `of` may be unknown. */
  at(done: number, of?: number): void;
  /** Takes what was shown away. */
  stop(): void;
}

/** A bar: `what` is done to so many `unit`. The library shows it on a terminal only. */
export function progressOn(sink: Sink, what: string, unit: string): Progress {
  const bar = new SingleBar(
    {
      stream: sink.stream,
      clearOnComplete: true,
      hideCursor: true,
      barsize: 30,
      format: (options, { value, total }) => line(what, unit, value, total, options.barsize ?? 30),
    },
    Presets.shades_classic,
  );
  bar.start(0, 0);
  return {
    at(done, of) {
      bar.setTotal(Math.max(0, of ?? 0));
      bar.update(Math.max(0, done));
    },
    stop: () => bar.stop(),
  };
}

function line(what: string, unit: string, done: number, of: number, width: number): string {
  const counted = (value: number): string => value.toLocaleString('en-US');
  if (of <= 0) return `${what} ${counted(done)} ${unit}`;
  const filled = Math.round((Math.min(done, of) / of) * width);
  const percent = Math.floor((Math.min(done, of) / of) * 100);
  return `${what} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${percent}% ${counted(done)} of ${counted(of)} ${unit}`;
}
