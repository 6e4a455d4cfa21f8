/** The service cannot start. The message says what was expected, what was found and what to do; it is all a person sees. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
