import { streamOfExecution } from '../world.ts';
import type { Forgery } from './forge.ts';
import { change, inside, isKind } from './forge.ts';
import { ALL, SOME } from './world.ts';

/* eslint-disable @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-call -- lines are plain JSON here */

/** What a bundle says of itself, and is not so. */
export const FORGED_SCOPES: readonly Forgery[] = [
  [
    'an execution left out',
    SOME,
    'EventMissing',
    inside(({ lines }) => lines.filter((text) => !text.includes(`"${streamOfExecution('gamma')}"`))),
  ],
  [
    'an execution more',
    SOME,
    'ForeignEvent',
    inside(change(isKind('bundle'), 0, (line) => line.scope.executionIds.pop())),
  ],
  [
    'executions in another order',
    SOME,
    'Malformed',
    change(isKind('bundle'), 0, (line) => line.scope.executionIds.reverse()),
  ],
  ['no execution', SOME, 'Malformed', change(isKind('bundle'), 0, (line) => (line.scope.executionIds = []))],
  [
    'an execution twice',
    SOME,
    'Malformed',
    change(isKind('bundle'), 0, (line) => line.scope.executionIds.push('gamma')),
  ],
  ['an ordinal where none is', SOME, 'Malformed', change(isKind('bundle'), 0, (line) => (line.firstOrdinal = 0))],
  ['other counts of stubs', ALL, 'CountDiffers', change(isKind('end'), 0, (line) => (line.counts.stubs -= 1))],
  ['other counts of claims', 'before', 'CountDiffers', change(isKind('end'), 0, (line) => (line.counts.claims = 0))],
];
