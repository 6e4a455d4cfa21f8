import type { ServerResponse } from 'node:http';
import { Api } from '../src/api/api.ts';
import { following } from '../src/api/live.ts';
import { reach } from '../src/connection/reach.ts';
import type { Failure } from '../src/exit-codes.ts';
import { entry, ID, logEvent } from './support/answers.ts';
import { called, type Ended } from './support/called.ts';
import { ScriptedService } from './support/scripted-service.ts';

const HISTORY = `GET /v1/executions/${ID}/history`;
const LOG = 'GET /v1/events';
const message = (number: number, type?: string): string =>
  `id: s1:000000000000:${number}\nevent: ${type ?? 'TaskStarted'}\ndata: ${JSON.stringify(logEvent(number, type))}\n\n`;
const head = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });

describe('what is shown as it happens', () => {
  let service: ScriptedService;
  beforeAll(async () => (service = await ScriptedService.open()));
  afterEach(() => service.forget());
  afterAll(() => service.close());

  /** Answers each connection to the log in its turn. */
  const connections = (...answers: readonly ((response: ServerResponse) => void)[]): void => {
    let turn = 0;
    service.on(LOG, ({ headers }, response) => {
      if (headers.accept === 'text/event-stream') return answers[turn++]?.(response);
      const newest = { items: [logEvent(0)], end: true, position: 's1:000000000000:0' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(newest));
    });
  };
  const streams = () => service.asked.filter(({ headers }) => headers.accept === 'text/event-stream');
  /** Follows until stdout has the text, then presses Ctrl-C. */
  const until = (text: string, args: readonly string[]): Promise<Ended> => {
    const stopping = new AbortController();
    const onOut = (out: string): void => void (out.includes(text) && stopping.abort());
    return called([...args, '--server', service.url, '--utc'], { signal: stopping.signal, onOut });
  };
  const positions = (out: string): string[] =>
    out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { position: string }).position.split(':')[2] ?? '');

  test('the log is followed, each event a line, until Ctrl-C', async () => {
    connections((response) => head(response).write(message(1) + ': nothing new\n\n' + message(2)));
    const { code, out } = await until(':02.000Z', ['watch']);
    expect(code).toBe(130);
    expect(out.split('\n').map((line) => line.split(/ {2,}/)[0])).toEqual([
      'TIME',
      '2026-11-20T11:58:01.000Z',
      '2026-11-20T11:58:02.000Z',
      '',
    ]);
    expect(streams()[0]?.headers.accept).toBe('text/event-stream');
  });

  test('after a connection that broke it goes on where it was: nothing twice, nothing left out', async () => {
    connections(
      (response) => head(response).write(message(1) + message(2), () => response.destroy()),
      // Breaks in the middle of an event, which does not count.
      (response) => head(response).write(message(3) + message(4).slice(0, 40), () => response.destroy()),
      (response) => void response.writeHead(503).end('{}'),
      (response) => head(response).write(message(4) + message(5)),
    );
    const { out, err } = await until(':000000000000:5', ['events', '--follow', '-o', 'json']);
    expect(positions(out)).toEqual(['1', '2', '3', '4', '5']);
    expect(streams().map(({ url }) => url.searchParams.get('after'))).toEqual([
      's1:000000000000:0',
      's1:000000000000:2',
      's1:000000000000:3',
      's1:000000000000:3',
    ]);
    expect(err.match(/the connection to the log broke/g)).toHaveLength(3);
  });

  test('places where nothing matched are gone on after, too', async () => {
    connections(
      (response) => head(response).write(message(1) + 'id: s1:000000000000:900\n\n', () => response.destroy()),
      (response) => head(response).write(message(901)),
    );
    const { out } = await until(':901', ['events', '--follow', '-o', 'json']);
    expect(positions(out)).toEqual(['1', '901']);
    expect(streams()[1]?.url.searchParams.get('after')).toBe('s1:000000000000:900');
  });

  test('a first connection that fails is no connection that broke', async () => {
    connections((response) => void response.writeHead(503).end('{}'));
    const args = ['events', '-f', '--after', 's1:000000000000:1', '--server', service.url];
    expect(await called(args)).toMatchObject({ code: 6 });
    expect(streams()).toHaveLength(1);
  });

  test('attempts without a word have a limit; what ends it is told once', async () => {
    service.on(LOG, (_, response) => void response.destroy());
    const way = await reach({ server: service.url, requestTimeout: 10_000 }, {});
    const { signal } = new AbortController();
    const api = new Api(way, { requestTimeoutMs: 10_000, signal, userAgent: 'test' });
    const lost: string[] = [];
    const limits = { attempts: 3, firstDelayMs: 1, longestDelayMs: 1 };
    const onLost = ({ message }: Failure): void => void lost.push(message);
    const next = following(api, { query: {}, signal, wasReached: true, onLost, limits }).next();
    await expect(next).rejects.toMatchObject({ exit: 'unreachable', message: expect.stringContaining('3 of 3') });
    expect(lost.map((message) => /\d of 3/.exec(message)?.[0])).toEqual(['1 of 3', '2 of 3']);
    await way.close();
  });

  test('a damaged event is not left out: it ends there', async () => {
    connections(
      (response) => head(response).write(message(1) + message(2).replace('"revision":1', '"revision":"1"')),
      (response) => head(response).write(message(3)),
    );
    const { code, out, err } = await called(['watch', '-o', 'json', '--server', service.url]);
    expect([code, positions(out), streams().length]).toEqual([6, ['1'], 1]);
    expect(err).toContain('expected a whole number at revision in the answer, found a text');
  });

  test('a refusal is not asked for again', async () => {
    connections(
      (response) => head(response).end(message(1)),
      (response) =>
        void response.writeHead(400).end(JSON.stringify({ code: 'x', title: 't', detail: 'd', requestId: 'r' })),
    );
    expect(await called(['watch', '--server', service.url])).toMatchObject({ code: 5 });
    expect(streams()).toHaveLength(2);
  });

  test('filters go with it', async () => {
    connections((response) => head(response).write(message(1)));
    const filters = [
      '--type',
      'TaskStarted',
      '--type',
      'LockReleased',
      '--target',
      'a/b/c',
      '--after',
      's1:000000000000:7',
    ];
    await until(':01.000Z', ['events', '-f', ...filters]);
    const asked = streams()[0]?.url.searchParams;
    expect([asked?.getAll('type'), asked?.get('target'), asked?.get('after')]).toEqual([
      ['TaskStarted', 'LockReleased'],
      'a/b/c',
      's1:000000000000:7',
    ]);
  });

  describe('of one execution', () => {
    const recorded = ['ExecutionCreated', 'PipelineRunCreated'].map((type, revision) => entry(revision, type));
    /** The history as it is; grows while it is looked at. */
    const histories = (grown: readonly ReturnType<typeof entry>[]): void => {
      service.on(HISTORY, ({ url }, response) => {
        const after = Number(url.searchParams.get('after'));
        const items = grown.filter(({ revision }) => revision > after);
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items }));
      });
    };

    test('it is the history, then what happens, and ends with the execution', async () => {
      const all = [...recorded];
      histories(all);
      connections((response) => {
        all.push(entry(2, 'TaskStarted'), entry(3, 'ExecutionCompleted'));
        head(response).write(message(3) + message(4, 'ExecutionCompleted'));
      });
      const { code, out } = await called(['watch', ID, '-o', 'json', '--server', service.url]);
      expect([code, positions(out)]).toEqual([0, ['1', '2', '3', '4']]);
      const asked = streams()[0]?.url.searchParams;
      expect([asked?.get('execution'), asked?.get('after')]).toEqual([ID, 's1:000000000000:2']);
    });

    test('the service away between the news and the history is no end: nothing twice, nothing left out', async () => {
      const all = [...recorded];
      let turn = 0;
      service.on(HISTORY, ({ url }, response) => {
        turn += 1;
        if (turn === 2) return void response.destroy();
        if (turn === 3) return void response.writeHead(503).end('{}');
        const items = all.filter(({ revision }) => revision > Number(url.searchParams.get('after')));
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items }));
      });
      connections((response) => {
        all.push(entry(2, 'ExecutionCompleted'));
        head(response).write(message(3, 'ExecutionCompleted'));
      });
      const { code, out, err } = await called(['watch', ID, '-o', 'json', '--server', service.url]);
      expect([code, positions(out)]).toEqual([0, ['1', '2', '3']]);
      expect(err.trimEnd().split('\n')).toHaveLength(2);
    });

    test('one that has ended is only shown', async () => {
      histories([...recorded, entry(2, 'ExecutionFailed')]);
      const { code, out } = await called(['watch', ID, '--server', service.url, '--utc']);
      expect([code, streams().length]).toEqual([0, 0]);
      expect(out).toContain('What ExecutionFailed means.');
    });

    test('until the lock is released, when that is asked for', async () => {
      const all = [...recorded, entry(2, 'ExecutionFailed')];
      histories(all);
      connections((response) => {
        all.push(entry(3, 'LockReleased'));
        head(response).write(message(4, 'LockReleased'));
      });
      const { out } = await called(['watch', ID, '--until', 'released', '-o', 'json', '--server', service.url]);
      expect(positions(out)).toEqual(['1', '2', '3', '4']);
    });
  });
});
