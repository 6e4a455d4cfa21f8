import { appendCases } from './contract/append.ts';
import { archivingCases } from './contract/archiving.ts';
import { contentCases } from './contract/content.ts';
import { idempotencyCases } from './contract/idempotency.ts';
import { judgingCases } from './contract/judging.ts';
import { lifetimeCases } from './contract/lifetime.ts';
import { readingCases } from './contract/reading.ts';
import type { StoreUnderTest } from './contract/subject.ts';
import { Subject } from './contract/subject.ts';
import { subscriptionCases } from './contract/subscription.ts';

export type { StoreUnderTest } from './contract/subject.ts';

/** What every implementation of `EventStore` does. A test's name is the rule it guards. */
export function eventStoreContract(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`event store contract: ${name}`, () => {
    const subject = new Subject(create);
    describe('append and concurrency', () => appendCases(subject));
    describe('idempotency', () => idempotencyCases(subject));
    describe('reading', () => readingCases(subject));
    describe('judging the log', () => judgingCases(subject));
    describe('archiving', () => archivingCases(subject));
    describe('subscriptions', () => subscriptionCases(subject));
    describe('data', () => contentCases(subject));
    describe('lifetime', () => lifetimeCases(subject));
  });
}
