import type { Api } from '../api/api.ts';
import type { Row } from '../api/answers.ts';
import { Failure } from '../exit-codes.ts';
import { clean } from '../render/clean.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PREFIX = /^[0-9a-f][0-9a-f-]{3,34}$/;
const NAME = /^[a-z0-9][a-z0-9.-]{0,252}$/;
const PAGE = 500;
/** How far back names and prefixes are looked for. */
const MAX_PAGES = 20;
const MAX_SHOWN = 10;

/**
 * The id of the execution somebody means. In this order: a whole id; `namespace/name` of its resource; with `-n` the
 * name alone; the beginning of an id (4 characters or more, one execution only); the name alone, in the namespace of
 * the kubeconfig's context or `default`. Of several executions of one name, the newest.
 * @throws Failure `notFound`, or `usage` when several are meant
 */
export async function executionOf(api: Api, text: string, namespace: string | undefined): Promise<string> {
  if (UUID.test(text)) return text;
  const [before, after, ...more] = text.split('/');
  if (after !== undefined && more.length === 0 && NAME.test(before ?? '') && NAME.test(after))
    return named(api, { namespace: before ?? '', name: after });
  if (!NAME.test(text)) throw misnamed(text);
  if (namespace !== undefined) return named(api, { namespace, name: text });
  return (
    (PREFIX.test(text) ? await beginningWith(api, text) : undefined) ??
    named(api, { namespace: api.namespace ?? 'default', name: text })
  );
}

function misnamed(text: string): Failure {
  return new Failure('usage', `expected an execution; found ${JSON.stringify(clean(text.slice(0, 80)))}`, {
    advice: 'Name it by its id, the beginning of its id, or namespace/name of its resource. See wfe list.',
  });
}

async function named(api: Api, { namespace, name }: Row['resource']): Promise<string> {
  for await (const row of newestFirst(api, namespace)) if (row.resource.name === name) return row.executionId;
  throw new Failure('notFound', `there is no execution ${namespace}/${name} among the newest ${PAGE * MAX_PAGES}`, {
    advice: `See wfe list -n ${namespace}; older ones are found by their id.`,
  });
}

async function beginningWith(api: Api, prefix: string): Promise<string | undefined> {
  const found: Row[] = [];
  for await (const row of newestFirst(api)) {
    if (row.executionId.startsWith(prefix)) found.push(row);
    if (found.length > MAX_SHOWN) break;
  }
  if (found.length < 2) return found[0]?.executionId;
  throw new Failure('usage', `expected the beginning of one id; ${prefix} is the beginning of several`, {
    details: found
      .slice(0, MAX_SHOWN)
      .map(({ executionId, resource }) => `  ${executionId}  ${resource.namespace}/${resource.name}`),
    advice: 'Give more of it.',
  });
}

async function* newestFirst(api: Api, namespace?: string): AsyncGenerator<Row> {
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = {
      limit: PAGE,
      ...(namespace !== undefined && { namespace }),
      ...(cursor !== undefined && { cursor }),
    };
    const { items, next } = await api.ask((client) => client.GET('/v1/executions', { params: { query } }));
    yield* items;
    if (next === undefined) return;
    cursor = next;
  }
}
