import fc from 'fast-check';
import type { ServerResponse } from 'node:http';
import { ANSWERS, SCHEMAS } from '../src/api/answer-schemas.ts';
import { TOLD } from '../src/api/told.ts';
import { EXIT_CODES } from '../src/exit-codes.ts';
import { ID, recorded } from './support/answers.ts';
import { anyJson, damaged, fitting } from './support/arbitrary-answers.ts';
import { called, type Ended } from './support/called.ts';
import { ScriptedService, type Asked } from './support/scripted-service.ts';

const RUNS = 60;
const LIMIT_MS = 60_000;
/** What a terminal could act on, but for line ends. */
const ACTS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]/;
const NEW = ['--target', 'a/b/c', '--workflow', 'w', '--workflow-version', '1', '--image', 'i'];

/** Lists in lists, more than anybody could print. */
const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const EVERY = ['table', 'json', 'yaml', 'name'];
const PLAIN = ['table', 'json', 'yaml'];
const STREAM = ['table', 'json'];

/** Every command that asks the service: what it asks for, and in which forms it tells the answer. */
const COMMANDS: [asks: string, args: string[], forms: string[]][] = [
  ['CreatedExecution', ['create', ...NEW, '--remediation-request', 'rr'], EVERY],
  ['Execution', ['get', ID], EVERY],
  ['ExecutionPage', ['get', 'payment/restart'], EVERY],
  ['ExecutionPage', ['get', '0198f6c2'], EVERY],
  ['EventPage', ['get', ID, '--at', 'failure-5s'], EVERY],
  ['Execution', ['at', ID, '3'], EVERY],
  ['ExecutionPage', ['list'], [...EVERY, 'wide']],
  ['ExecutionPage', ['list', '--at', '2026-11-20T11:59Z'], ['wide']],
  ['History', ['history', ID], PLAIN],
  ['EventPage', ['tasks', ID], PLAIN],
  ['History', ['watch', ID], STREAM],
  ['LogPage', ['watch'], STREAM],
  ['ExecutionDiff', ['diff', ID], PLAIN],
  ['Why', ['why', ID], PLAIN],
  ['Causes', ['why', ID, '--event', '2'], PLAIN],
  ['CommandAnswer', ['cancel', ID, '--reason', 'r'], EVERY],
  ['CommandAnswer', ['release', ID, '--reason', 'r'], EVERY],
  ['CommandAnswer', ['sync', ID], EVERY],
  ['TargetPage', ['targets'], EVERY],
  ['Target', ['targets', 'a/b/c'], EVERY],
  ['Preflight', ['preflight', 'a/b/c', 'w'], PLAIN],
  ['LogPage', ['events'], PLAIN],
  ['VerificationReport', ['verify'], PLAIN],
  ['ReplayReport', ['replay', '--check'], PLAIN],
];

describe('an answer that is not what the document says', () => {
  let service: ScriptedService;
  beforeAll(async () => (service = await ScriptedService.open()));
  afterEach(() => service.forget());
  afterAll(() => service.close());

  /** One answer to everything that is asked, as JSON; the second page of it is the last. */
  const answer = (json: string, streamed = json): void => {
    service.forget();
    let streams = 0;
    service.otherwise((asked, response) => {
      const { accept } = asked.headers;
      if (accept === 'application/x-ndjson') return end(response, accept, `${json}\n`);
      if (accept !== 'text/event-stream') return end(response, 'application/json', isFirst(asked) ? json : last(json));
      streams += 1;
      if (streams === 1) return end(response, accept, `id: s1:0:1\ndata: ${streamed}\n\n`);
      response.writeHead(400).end(JSON.stringify({ code: 'c', title: 't', detail: 'd', requestId: 'r' }));
    });
  };
  const wfe = (args: readonly string[], form = 'table', terminal?: number): Promise<Ended> => {
    const output = form === 'table' ? [] : ['-o', form];
    const terminals = terminal === undefined ? {} : { terminal, env: { NO_COLOR: '1' } };
    return called([...args, ...output, '--server', service.url, '--utc'], terminals);
  };

  it.each([
    ...['null', '5', '"a text"', '[]', '{}', '{"items":5}', '{"items":[null]}', '{"kind":"Status","status":"Success"}'],
    DEEP,
  ])('but %#: ends every command with 6, and says what was expected where', async (json) => {
    answer(json);
    for (const [, args] of COMMANDS) {
      const { code, out, err } = await wfe(args);
      expect([args, code, out.replace(/^TIME .*\n/, '')]).toEqual([args, 6, '']);
      expect(err).toMatch(/^wfe: expected .*, found .*\n {2}asked: (GET|POST) http:\/\/127\.0\.0\.1:\d+\/v1\/[^?]*\n/);
      expect(err).toMatch(/\n {2}→ .*\n$/);
    }
  });

  it.each(COMMANDS)(
    '%s, damaged in one place: never a defect of %j',
    async (name, args, forms) => {
      const form = fc.constantFrom(...forms);
      const terminal = fc.constantFrom(undefined, 20, 80);
      const answers = fc.oneof(damaged(right(name)), right(name), anyJson);
      await fc.assert(
        fc.asyncProperty(answers, form, terminal, async (value, output, width) => {
          answer(JSON.stringify(value));
          const { code, out, err } = await wfe(args, output, width);
          expect({ code, err }).not.toMatchObject({ code: EXIT_CODES.bug.code });
          // Progress is drawn on terminals only.
          expect(width === undefined ? out + err : out).not.toMatch(ACTS);
        }),
        { numRuns: RUNS },
      );
    },
    LIMIT_MS,
  );

  it('an event of the live log, damaged in one place: never a defect, and never taken for a connection that broke', async () => {
    const event = fitting(SCHEMAS['LogPage']?.properties?.['items']?.items ?? {});
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged(event), anyJson), async (value) => {
        answer('{"items":[],"end":true,"position":"s1:0:0"}', JSON.stringify(value));
        const { code, err } = await wfe(['watch']);
        // What fits is shown, and what comes after it is a refusal.
        expect([5, 6]).toContain(code);
        if (code === 6) expect(err).toMatch(/^wfe: expected .* in the answer, found /);
      }),
      { numRuns: RUNS },
    );
  }, 60_000);

  it.each([
    ['ExecutionCreated', { spec: {} }, 'spec.workflowRef', 'an object', 'nothing'],
    ['PipelineRunCreated', { run: { namespace: 'n', name: 'r' } }, 'run.uid', 'a text', 'nothing'],
    ['TaskFinished', { steps: 'main' }, 'steps', 'a list', 'a text'],
    ['TaskFinished', { steps: [{ name: 'main' }] }, 'steps[0].reason', 'a text', 'nothing'],
    ['ExecutionFailed', { run: { skippedTasks: [null] } }, 'run.skippedTasks[0]', 'an object', 'null'],
  ])('%s that tells %j is no such event', async (type, data, path, expected, found) => {
    answer(JSON.stringify({ items: [recorded(0, type, data)] }));
    const { code, out, err } = await wfe(['tasks', ID]);
    expect([code, out]).toEqual([6, '']);
    expect(err).toContain(`wfe: expected ${expected} at items[0].data.${path} in the answer, found ${found}\n`);
  });

  it('an order that was answered so has perhaps been carried out', async () => {
    answer('{}');
    expect((await wfe(['cancel', ID, '--reason', 'r'])).err).toContain('perhaps did what was asked');
    expect((await wfe(['get', ID])).err).not.toContain('perhaps');
    expect((await wfe(['preflight', 'a/b/c', 'w'])).err).not.toContain('perhaps');
  });

  it('is not asked for again', async () => {
    answer('{}');
    await wfe(['create', ...NEW, '--remediation-request', 'rr']);
    expect(service.asked).toHaveLength(1);
  });

  it('a page of something on the way is no stream', async () => {
    service.otherwise((_, response) => end(response, 'text/html; charset=utf-8', '<html>sign in</html>'));
    for (const args of [['verify'], ['replay', '--check'], ['export'], ['watch', '--until', 'never']])
      expect(await wfe(args)).toMatchObject({ code: 6, err: expect.stringMatching(/^wfe: expected /) as string });
  });

  it.each([
    ['a problem', { code: 5, title: 't', detail: 'd', requestId: 'r' }],
    ['fields of a problem', { code: 'c', title: 't', detail: 'd', requestId: 'r', errors: [5] }],
    ['a Status', { kind: 'Status', reason: 5 }],
    ['nothing', null],
  ])('%s of another form is none of the service: its "not found" is no answer', async (_, problem) => {
    service.json(`GET /v1/executions/${ID}`, problem, 404);
    const { code, err } = await wfe(['get', ID]);
    expect([code, err]).toEqual([6, expect.stringContaining('found something that answered 404')]);
  });

  it('a problem nobody has heard of has no advice', async () => {
    service.problem(`GET /v1/executions/${ID}`, 409, 'constructor');
    const { code, err } = await wfe(['get', ID]);
    expect([code, err]).toEqual([5, expect.not.stringContaining('→')]);
  });

  it('says nothing of a value that was found', async () => {
    answer('{"items":[{"executionId":{"password":"secret-word"}}]}');
    const { code, err } = await wfe(['list', '--target', 'secret/target']);
    expect([code, err]).toEqual([6, expect.not.stringMatching(/secret/)]);
  });
});

it('everything that is answered with has a schema', () => {
  for (const name of Object.values(ANSWERS)) expect(SCHEMAS).toHaveProperty(name);
});

const end = (response: ServerResponse, type: string, body: string): void =>
  void response.writeHead(200, { 'content-type': type }).end(body);

const isFirst = ({ url }: Asked): boolean =>
  !url.searchParams.has('cursor') && Number(url.searchParams.get('after') ?? -1) < 0;

function last(json: string): string {
  const page = JSON.parse(json) as unknown;
  if (typeof page !== 'object' || page === null) return json;
  return JSON.stringify(Object.fromEntries(Object.entries(page).filter(([name]) => name !== 'next')));
}

/** Events of the types that `wfe` reads, with what they tell: damage is looked for there, too. */
const tellingEvents = fc.oneof(
  ...Object.entries(TOLD).map(([type, schema]) =>
    fc
      .tuple(
        fitting(SCHEMAS['EventPage']?.properties?.['items']?.items ?? {}),
        fc.oneof(fitting(schema), damaged(fitting(schema))),
      )
      .map(([event, data]) => ({ ...(event as object), type, data })),
  ),
);

function right(name: string): fc.Arbitrary<fc.JsonValue> {
  if (name === 'EventPage') return fc.array(tellingEvents, { maxLength: 4 }).map((items) => ({ items }));
  const answers = fitting(SCHEMAS[name] ?? {});
  return name.endsWith('Report') ? answers.map((report) => ({ report })) : answers;
}
