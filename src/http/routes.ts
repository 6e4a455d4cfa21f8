/** Every route of the REST API, by template, with its methods. Tests hold it against Nest's router and the OpenAPI document. */
export const ROUTES: Readonly<Record<string, readonly string[]>> = {
  '/v1/executions': ['GET', 'POST'],
  '/v1/executions/{id}': ['GET'],
  '/v1/executions/{id}/events': ['GET'],
  '/v1/executions/{id}/sync': ['POST'],
  '/v1/executions/{id}/cancel': ['POST'],
  '/v1/executions/{id}/release': ['POST'],
  '/v1/events': ['GET'],
  '/v1/audit/verify': ['GET'],
  '/v1/audit/seals': ['GET'],
  '/v1/audit/seal': ['POST'],
  '/v1/audit/keys': ['GET'],
  '/v1/audit/keys/rotate': ['POST'],
  '/v1/config': ['GET'],
  '/openapi.json': ['GET'],
  '/docs': ['GET'],
};

const PATTERNS = Object.keys(ROUTES).map((template) => ({
  template,
  pattern: new RegExp(`^${template.replaceAll('.', String.raw`\.`).replace(/\{\w+\}/g, '[^/]+')}/?$`, 'i'),
}));

/** Template of a path without its query; undefined when no route has it. */
export function routeOf(path: string): string | undefined {
  return PATTERNS.find(({ pattern }) => pattern.test(path))?.template;
}

/** Methods a route answers to; HEAD comes with GET. */
export function methodsOf(template: string): readonly string[] {
  return (ROUTES[template] ?? []).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}
