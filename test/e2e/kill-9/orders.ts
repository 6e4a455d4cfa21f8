import { specFor } from '../../support/rest.ts';
import { until } from '../../support/until.ts';
import { policy } from '../life/places.ts';
import type { Stage } from '../stage.ts';

/** What was asked for, and what must have become of it in the end. */
export interface Order {
  readonly id: string;
  readonly target: string;
  readonly outcome: 'Success' | 'Failed' | 'Cancelled';
  readonly isDeleted: boolean;
}

/** Whoever asks goes on asking for so long: the service is away more often than not. */
const INSIST_MS = 240_000;
const INSIST_STEP_MS = 40;
/** Longest pause before a cancellation or a deletion, so that it meets any phase. */
const LONGEST_PAUSE_MS = 600;
/** As many executions in a row wait for the same target. */
const IN_LINE = 6;

const pause = (longestMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * longestMs));

/** Gives orders of all kinds, one by one, by REST and by resource, to a service that is being killed. */
export class Orders {
  private count = 0;

  constructor(
    private readonly stage: Stage,
    private readonly word: string,
  ) {}

  /** The next order; resolves when it was given for good. */
  next(): Promise<Order> {
    const index = (this.count += 1);
    const target = `kill/deployment/${this.word}-${index}`;
    const shared = `kill/deployment/${this.word}-shared-${Math.floor(index / (4 * IN_LINE))}`;
    const kinds = [
      () => this.byRest(index, 'echo', target, 'Success'),
      () => this.byResource(index, 'quick', shared, 'Success', policy('Wait')),
      () => this.cancelledByRest(index, target),
      () => this.byResource(index, 'fail', target, 'Failed'),
      () => this.byRest(index, 'echo', shared, 'Success', policy('Wait')),
      () => this.cancelledByResource(index, target),
      () => this.byResource(index, 'echo', target, 'Success'),
      () => this.deleted(index, target),
    ];
    return kinds[index % kinds.length]!();
  }

  private async byRest(
    index: number,
    scenario: string,
    target: string,
    outcome: Order['outcome'],
    more: Record<string, unknown> = {},
  ): Promise<Order> {
    const headers = { 'idempotency-key': `${this.word}-${index}` };
    const spec = specFor(scenario, target, more);
    const answer = await insist(`order ${index} to be accepted`, () => this.stage.client.create(spec, {}, headers));
    if (answer.status >= 300) throw new Error(`expected 200 or 201, found ${JSON.stringify(answer.body)}`);
    return { id: answer.body['executionId'] as string, target, outcome, isDeleted: false };
  }

  private async byResource(
    index: number,
    scenario: string,
    target: string,
    outcome: Order['outcome'],
    more: Record<string, unknown> = {},
  ): Promise<Order> {
    const { metadata } = await this.stage.client.apply(this.nameOf(index), specFor(scenario, target, more));
    return { id: metadata.uid as string, target, outcome, isDeleted: false };
  }

  private async cancelledByRest(index: number, target: string): Promise<Order> {
    const order = await this.byRest(index, 'hang', target, 'Cancelled');
    await pause(LONGEST_PAUSE_MS);
    const body = { mode: 'Immediate', reason: 'no longer needed' };
    const { status } = await insist(`order ${index} to be cancelled`, () =>
      this.stage.client.post(order.id, 'cancel', body),
    );
    if (status !== 200) throw new Error(`expected the cancellation of ${order.id} to be taken, found ${status}`);
    return order;
  }

  private async cancelledByResource(index: number, target: string): Promise<Order> {
    const order = await this.byResource(index, 'hang', target, 'Cancelled');
    await pause(LONGEST_PAUSE_MS);
    await this.stage.client.cancelByResource(this.nameOf(index), 'Graceful');
    return order;
  }

  /** Once the service has put its finalizer on: before, a deletion leaves nothing that it could know of. */
  private async deleted(index: number, target: string): Promise<Order> {
    const { client } = this.stage;
    const order = await this.byResource(index, 'hang', target, 'Cancelled');
    const isGuarded = async (): Promise<boolean> => (await client.finalizersOf(this.nameOf(index))).length > 0;
    await until(`order ${index} to be seen`, isGuarded, INSIST_MS, INSIST_STEP_MS);
    await pause(LONGEST_PAUSE_MS);
    await client.remove(this.nameOf(index));
    return { ...order, isDeleted: true };
  }

  private nameOf(index: number): string {
    return `${this.word}-${index}`;
  }
}

/** Asks until there is an answer that is not the service's trouble. */
function insist<Answer extends { status: number }>(what: string, ask: () => Promise<Answer>): Promise<Answer> {
  const answered = async (): Promise<Answer | false> => {
    const answer = await ask();
    return answer.status < 500 && answer;
  };
  return until(what, answered, INSIST_MS, INSIST_STEP_MS);
}
