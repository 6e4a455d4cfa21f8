import { z } from 'zod';
import { expected } from './expected.ts';

/** Digits alone: what JavaScript also takes for a number (0x10, 1e2, no text at all for 0) was a mistake. */
const DIGITS = /^(?:0|-?[1-9]\d{0,14})$/;

/** A whole number in a query, where everything is text. */
export const wholeNumber = (what: string, min: number, max: number = Number.MAX_SAFE_INTEGER) =>
  z.preprocess(
    (text) => (typeof text === 'string' && DIGITS.test(text) ? Number(text) : text),
    z.number(expected(what)).int().min(min).max(max),
  );

/** How many to answer. */
export const limitUpTo = (max: number) => wholeNumber(`a whole number from 1 to ${max}`, 1, max);
