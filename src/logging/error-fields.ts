const MAX_CAUSES = 5;
const TEXT_CHARACTERS = 4_000;

/**
 * An error as it is logged: its name, code, words and stack, and those of its causes. Nothing else that hangs on it: a parser
 * hangs the whole body there.
 */
export function errorFields(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something else than an error was thrown' };
  const { name, message, stack, cause } = error;
  const code = (error as { readonly code?: unknown }).code;
  const parts = error instanceof AggregateError ? error.errors.slice(0, MAX_CAUSES) : [];
  const hasMore = depth < MAX_CAUSES;
  return {
    type: name,
    message: message.slice(0, TEXT_CHARACTERS),
    ...(typeof code === 'string' && { code }),
    stack: stack?.slice(0, TEXT_CHARACTERS),
    ...(hasMore && cause !== undefined && { cause: errorFields(cause, depth + 1) }),
    ...(hasMore && parts.length > 0 && { errors: parts.map((part: unknown) => errorFields(part, depth + 1)) }),
  };
}
