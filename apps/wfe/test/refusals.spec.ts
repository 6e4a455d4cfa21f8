import { PROBLEMS } from '../../../src/http/problem-table.ts';
import { ID } from './support/answers.ts';
import { called } from './support/called.ts';
import { ScriptedService } from './support/scripted-service.ts';

describe('a problem the service answers with', () => {
  let service: ScriptedService;
  beforeAll(async () => (service = await ScriptedService.open()));
  afterEach(() => service.forget());
  afterAll(() => service.close());
  const get = () => called(['get', ID, '--server', service.url]);
  const ROUTE = `GET /v1/executions/${ID}`;

  test('is told with its title, code, words, fields and request, and nothing is on stdout', async () => {
    const errors = [{ path: 'spec.targetResource', message: 'expected a text; found nothing' }];
    service.problem(ROUTE, 422, 'spec-refused', { errors });
    expect(await get()).toEqual({
      code: 5,
      out: '',
      err: [
        'wfe: It cannot be done (spec-refused)',
        '  Expected one thing, found another.',
        '    spec.targetResource: expected a text; found nothing',
        '  request r-1 in the log of the service',
        '',
      ].join('\n'),
    });
  });

  test('cannot act on the terminal', async () => {
    const errors = [{ path: 'a\x1b[2J', message: 'b\nc' }];
    service.problem(ROUTE, 400, 'validation-failed', { errors, title: 't\x07', detail: 'd\x9b', requestId: 'r\r' });
    const { err } = await get();
    expect(err.split('\n')).toHaveLength(5);

    expect(err).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  test('has an exit code: every one the service knows', async () => {
    const codes = new Map<string, number>();
    for (const [code, { status }] of Object.entries(PROBLEMS)) {
      service.problem(ROUTE, status, code);
      codes.set(code, (await get()).code);
    }
    const expected = Object.entries(PROBLEMS).map(([code, { status }]) => {
      if (status === 404) return [code, code === 'route-unknown' ? 5 : 3];
      return [code, status >= 500 ? 6 : 5];
    });
    expect([...codes]).toEqual(expected);
  });

  test('comes with advice where its own words have none', async () => {
    service.problem(ROUTE, 409, 'run-unfinished');
    expect((await get()).err).toContain('→ Wait for its end (wfe watch ID)');
  });
});
