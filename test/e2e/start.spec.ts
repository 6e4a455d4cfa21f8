import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCENARIOS } from '../../apps/sandbox/src/tekton/index.ts';
import { rest } from '../support/rest.ts';
import { StartProcess, takePorts } from './start-process.ts';

const SPEC_LIMIT_MS = 90_000;

/** `   0.05 s  by REST       1 ResourceBound              default/wfe-…` */
const LINE = /^ *\d+\.\d\d s {2}(by REST|by manifest) +(\d+) (\w+) *(.*)$/gm;

interface Line {
  readonly title: string;
  readonly revision: number;
  readonly type: string;
  readonly detail: string;
}

const linesOf = (out: string, title: string): readonly Line[] =>
  [...out.matchAll(LINE)]
    .map(([, of = '', revision = '', type = '', detail = '']) => ({
      title: of,
      revision: Number(revision),
      type,
      detail,
    }))
    .filter((line) => line.title === title);

/** Both examples from their first event to their success, without a gap; answers their targets. */
function wholeTimelines(out: string): readonly string[] {
  return ['by REST', 'by manifest'].map((title) => {
    const lines = linesOf(out, title);
    expect(lines.map(({ revision }) => revision)).toEqual(lines.map((_, index) => index));
    const types = lines.map(({ type }) => type);
    expect([types[0], types.at(-1)]).toEqual(['ExecutionCreated', 'ExecutionCompleted']);
    for (const once of ['ResourceBound', 'PipelineRunCreated'])
      expect(types.filter((type) => type === once)).toHaveLength(1);
    return lines[0]?.detail.replace('echo on ', '') ?? '';
  });
}

describe('npm start', () => {
  let folder: string;
  const running: StartProcess[] = [];
  const start = (process: StartProcess): StartProcess => {
    running.push(process);
    return process;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wfe-start-'));
  });

  afterEach(async () => {
    running.splice(0).forEach((process) => process.remove());
    await rm(folder, { recursive: true, force: true });
  });

  test(
    'shows two executions from beginning to end, and each next start goes on with the same log',
    async () => {
      const targets: string[] = [];
      for (let round = 0; round < 2; round += 1) {
        const once = start(StartProcess.on(folder, await takePorts(), '--once'));
        const { code, out, err } = await once.ended();
        expect({ code, err, left: once.left, started: once.startedCount }).toEqual({
          code: 0,
          err: '',
          left: [],
          started: 1,
        });
        targets.push(...wholeTimelines(out));
      }
      expect(new Set(targets).size).toBe(4);

      const ports = await takePorts();
      const staying = start(StartProcess.on(folder, ports));
      await staying.printed('Ctrl-C');
      expect((await rest(`http://127.0.0.1:${ports.health}/readyz`)).status).toBe(200);
      const listed = await rest<{ items: { target: string; outcome: string }[] }>(
        `http://127.0.0.1:${ports.http}/v1/executions?limit=100`,
      );
      expect(listed.body.items.map((item) => item.outcome)).toEqual(Array.from({ length: 6 }, () => 'Success'));
      expect(listed.body.items.map((item) => item.target)).toEqual(expect.arrayContaining(targets));
      staying.signal('SIGINT');
      const { code, out } = await staying.ended();
      expect({ code, left: staying.left, started: staying.startedCount }).toEqual({ code: 0, left: [], started: 1 });
      wholeTimelines(out);
    },
    SPEC_LIMIT_MS,
  );

  test.each(['api', 'http', 'health', 'metrics'] as const)(
    'says so and ends when the %s port is taken, and starts nothing',
    async (name) => {
      const ports = await takePorts();
      const other = createServer((socket) => socket.destroy());
      await new Promise<void>((resolve) => other.listen(ports[name], '127.0.0.1', resolve));
      const refused = start(StartProcess.on(folder, ports, '--once'));
      const { code, err } = await refused.ended();
      await new Promise((resolve) => other.close(resolve));
      expect({ code, started: refused.startedCount }).toEqual({ code: 1, started: 0 });
      expect(err).toContain(`127.0.0.1:${ports[name]}, which is in use`);
      expect(err).toContain(`--${name}-port`);
    },
    SPEC_LIMIT_MS,
  );

  test(
    'ends when the service is killed, and says where its log is',
    async () => {
      const bereft = start(StartProcess.on(folder, await takePorts()));
      await bereft.printed('Ctrl-C');
      process.kill(await bereft.service(), 'SIGKILL');
      const { code, err } = await bereft.ended();
      expect({ code, left: bereft.left }).toEqual({ code: 1, left: [] });
      expect(err).toContain('the service ended unexpectedly');
      expect(err).toContain(join(folder, 'service.log'));
    },
    SPEC_LIMIT_MS,
  );

  test(
    'a Ctrl-C while it is starting ends it, without an example',
    async () => {
      const stopped = start(StartProcess.on(folder, await takePorts()));
      await stopped.service();
      stopped.signal('SIGINT');
      const { code, out } = await stopped.ended();
      expect({ code, left: stopped.left, lines: linesOf(out, 'by REST') }).toEqual({ code: 0, left: [], lines: [] });
    },
    SPEC_LIMIT_MS,
  );

  test('--scenarios lists every bundle reference, and starts nothing', async () => {
    const listing = start(new StartProcess(['--scenarios']));
    const { code, out } = await listing.ended();
    expect({ code, started: listing.startedCount }).toEqual({ code: 0, started: 0 });
    for (const { reference } of SCENARIOS) expect(out).toContain(reference);
  });

  test.each([
    [['--nonsense'], "unknown option '--nonsense'"],
    [['surplus'], 'too many arguments'],
    [['--speed', '0'], 'a number from 0.1 to 100'],
    [['--http-port', '70000'], 'a port from 1 to 65535'],
  ])('%j is refused', async (args, sentence) => {
    const refused = start(new StartProcess(args));
    const { code, err } = await refused.ended();
    expect({ code, started: refused.startedCount }).toEqual({ code: 1, started: 0 });
    expect(err).toContain(sentence);
  });
});
