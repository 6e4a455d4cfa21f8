import { canonicalJson } from '#event-store';
import type { BundleEnd, BundleLine, EventLine, LinePlace, StubLine, WrittenEvent } from './format.ts';
import { BUNDLE_PURPOSE } from './format.ts';

/** The one text of a line, without its line feed: canonical JSON. */
export function lineText(line: BundleLine<WrittenEvent>): string {
  switch (line.kind) {
    case 'key':
    case 'seal':
    case 'claim':
      return `{"event":${eventText(line.event)},"kind":"${line.kind}"}`;
    case 'event':
      return eventLineText(line);
    case 'stub':
      return stubLineText(line);
    case 'bundle':
    case 'stream':
    case 'end':
      return canonicalJson(line, `${line.kind} line`);
  }
}

/** The bytes the signature of a bundle is over: purpose, and the last line without it. */
export function signedEnd(end: Omit<BundleEnd, 'signature'>): Uint8Array {
  return Buffer.from(`${BUNDLE_PURPOSE}\n${canonicalJson({ ...end, signature: undefined }, 'end line')}`, 'utf8');
}

const eventLineText = ({ event, ...place }: EventLine<WrittenEvent>): string =>
  `{"event":${eventText(event)},"kind":"event"${placeText(place)}}`;

const stubLineText = ({ stub, ...place }: StubLine): string =>
  `{"kind":"stub"${placeText(place)},"stub":${canonicalJson(stub, 'stub')}}`;

function placeText({ ordinal, proof }: LinePlace): string {
  const place = ordinal === undefined ? '' : `,"ordinal":${ordinal}`;
  return proof === undefined ? place : `${place},"proof":${canonicalJson(proof, 'proof')}`;
}

/** Put together from the texts that were hashed; writing them again could hide a difference. */
function eventText(event: WrittenEvent): string {
  return (
    `{"data":${event.dataText},"hash":"${event.hash}","id":${JSON.stringify(event.id)},"metadata":${event.metadataText}` +
    `,"position":${JSON.stringify(event.position)},"previousHash":"${event.previousHash}","revision":${event.revision}` +
    `,"schemaVersion":${event.schemaVersion},"stream":${JSON.stringify(event.stream)},"type":${JSON.stringify(event.type)}}`
  );
}
