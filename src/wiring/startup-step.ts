import { StartupError } from '../startup-error.ts';

/** What goes wrong before anything acts is told in a sentence. */
export async function startupStep<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw asStartupError(error);
  }
}

export const asStartupError = (error: unknown): StartupError =>
  error instanceof StartupError
    ? error
    : new StartupError(error instanceof Error ? error.message : String(error), { cause: error });
