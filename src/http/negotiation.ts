import type { Request } from 'express';
import { ProblemError } from './problem.ts';

/**
 * The form of an answer the client likes best, of those offered; the first when it does not care.
 * @throws ProblemError that says what is offered
 */
export function formFor<Form extends string>(request: Request, offered: readonly [Form, ...Form[]]): Form {
  const liked = request.accepts([...offered]);
  if (liked !== false) return liked as Form;
  const found = (request.headers.accept ?? '').slice(0, 120);
  throw new ProblemError('not-acceptable', `Expected an Accept header that allows ${list(offered)}; found ${found}.`);
}

const list = (forms: readonly string[]): string =>
  forms.length === 1 ? forms[0]! : `${forms.slice(0, -1).join(', ')} or ${forms.at(-1)!}`;
