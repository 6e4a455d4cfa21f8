/**
 * A point in time as rows write it: ISO 8601 UTC with milliseconds, so that the order of texts is the order of times.
 * @throws RangeError when the text is no time
 */
export function instant(text: string): string {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new RangeError(`read model: expected an ISO 8601 time; found ${JSON.stringify(text)}`);
  return new Date(ms).toISOString();
}

/** The same as milliseconds since 1970. @throws RangeError when the text is no time */
export const milliseconds = (text: string): number => Date.parse(instant(text));
