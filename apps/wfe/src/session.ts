import { Api } from './api/api.ts';
import type { ConnectionOptions } from './connection/options.ts';
import { reach } from './connection/reach.ts';
import { coloursFor, type Colours } from './render/colours.ts';
import type { Layout } from './render/table.ts';
import type { Times } from './render/times.ts';
import { readBuildInfo } from '../../../src/build-info.ts';
import type { Shell } from './shell.ts';

/** Options of every command. */
export interface GlobalOptions extends ConnectionOptions {
  readonly namespace?: string;
  readonly utc?: boolean;
  /** False with --no-color. */
  readonly color: boolean;
}

/** What a command works with: the shell, and the options that every command has, understood. */
export interface Session {
  readonly shell: Shell;
  readonly times: Times;
  /** For stdout. */
  readonly layout: Layout;
  /** For stderr. */
  readonly notes: { readonly colours: Colours };
  /** Of `-n`. */
  readonly namespace?: string;
  /** Opened when it is first asked for; commands that work offline never do. */
  api(): Promise<Api>;
}

/** Runs a command's work in a session, and closes what it opened. */
export async function inSession<T>(shell: Shell, options: GlobalOptions, work: (session: Session) => Promise<T>) {
  const { stdout, stderr, env } = shell;
  let opened: Promise<{ api: Api; close: () => Promise<void> }> | undefined;
  const open = async () => {
    const way = await reach(options, env);
    const { requestTimeout: requestTimeoutMs } = options;
    const userAgent = `wfe/${readBuildInfo().version}`;
    return { api: new Api(way, { requestTimeoutMs, signal: shell.signal, userAgent }), close: () => way.close() };
  };
  const session: Session = {
    shell,
    times: { isUtc: options.utc === true, now: () => shell.now() },
    layout: {
      colours: coloursFor(stdout, env, options.color),
      ...(stdout.columns !== undefined && { width: stdout.columns }),
    },
    notes: { colours: coloursFor(stderr, env, options.color) },
    ...(options.namespace !== undefined && { namespace: options.namespace }),
    api: async () => (await (opened ??= open())).api,
  };
  try {
    return await work(session);
  } finally {
    await opened?.then(({ close }) => close()).catch(() => undefined);
  }
}
