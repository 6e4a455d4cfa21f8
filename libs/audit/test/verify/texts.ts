import type { EventTexts } from '#event-store';
import { GENESIS_HASH, hashOfTexts } from '#event-store';

export type WholeTexts = Extract<EventTexts, { kind: 'whole' }>;

/** An event as it is in the log, its hash made to fit. */
export function textsOf(parts: Partial<WholeTexts> = {}): WholeTexts {
  const event = {
    kind: 'whole',
    position: 'm1:0f8c2a51b7e4:1' as WholeTexts['position'],
    stream: 'workflowexecution-a',
    revision: 0,
    id: 'one',
    type: 'SampleHappened',
    schemaVersion: 1,
    dataText: '{"n":1}',
    metadataText: '{"by":"tester"}',
    previousHash: GENESIS_HASH,
    ...parts,
  } as const;
  return { ...event, hash: parts.hash ?? hashOfTexts(event.previousHash, event) };
}
