import type { BundleVerdict } from '#audit';
import type { VerificationReport } from '../api/answers.ts';
import { clean } from './clean.ts';
import type { Colours } from './colours.ts';

/** What is told of any damage, of a log or of a bundle. */
interface ToldDamage {
  readonly kind: string;
  /** Of the file. */
  readonly line?: number;
  readonly position?: string;
  readonly stream?: string;
  readonly revision?: number;
  readonly expected: string;
  readonly found: string;
  readonly explanation: string;
}

/** What the service found in its log, in lines. */
export function verdictOfLog(report: VerificationReport, colours: Colours): string {
  const { ok, events, streams, archived, archives, seals, head, anchor, firstDamage, acceptedRollbacks, without } =
    report;
  const lines = [
    ok ? colours.green('good: nothing was changed, removed or put in') : colours.red('damaged'),
    `  ${counted(events, 'event')} in ${counted(streams, 'stream')}, contiguous, chains good${ok ? '' : ', up to the damage'}`,
    ...(archived === 0 ? [] : [`  ${archivesLine(archived, archives)}`]),
    `  ${sealsLine(seals, head.seal)}`,
    `  ${counted(head.unsealed, 'event')} that no seal covers yet`,
    `  ${head.published === 0 ? 'no published head to compare with' : `${counted(head.published, 'published head')}, which the log bears out`}`,
    `  key ${clean(anchor.keyId ?? 'none')}: ${clean(VOUCHED.get(anchor.kind) ?? anchor.kind)}`,
    ...(acceptedRollbacks > 0
      ? [colours.yellow(`  ${counted(acceptedRollbacks, 'time')} somebody accepted that the log was rolled back`)]
      : []),
    ...without.map((sentence) => colours.yellow(`  ${clean(sentence)}`)),
    ...(firstDamage === undefined ? [] : damageLines(firstDamage, colours)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function archivesLine(archived: number, { named, held }: VerificationReport['archives']): string {
  const files = named === 1 ? '1 archive file' : `${named} archive files`;
  const looked = held === 0 ? 'which were not looked at (--archives)' : `${held} of which were read, and are good`;
  return `${archived} of the events are in ${files}, ${looked}; the log has their hashes`;
}

function sealsLine(seals: number, newest: VerificationReport['head']['seal']): string {
  if (newest === undefined) return seals === 0 ? 'no seal yet' : `${counted(seals, 'seal')}, signed`;
  return `${counted(seals, 'seal')}, signed; the newest, number ${newest.number}, covers ${counted(newest.total, 'event')}`;
}

const VOUCHED: ReadonlyMap<string, string> = new Map<VerificationReport['anchor']['kind'], string>([
  ['given-key', 'vouched for by a key that was given'],
  ['published-head', 'vouched for by a published head'],
  ['own-key', 'the service’s own key'],
  ['nobody', 'nobody vouches for it: the log is consistent in itself, no more'],
]);

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** Where the damage is, what was expected and found there, and what it means. */
function damageLines(damage: ToldDamage, colours: Colours): string[] {
  const { kind, line, position, stream, revision, expected, found, explanation } = damage;
  const place = [
    line === undefined ? '' : `line ${line}`,
    position === undefined ? '' : `position ${clean(position)}`,
    stream === undefined ? '' : `stream ${clean(stream)}`,
    revision === undefined ? '' : `revision ${revision}`,
  ].filter((part) => part !== '');
  return [
    `${colours.red(clean(kind))}${place.length === 0 ? '' : ` at ${place.join(', ')}`}`,
    `  expected: ${clean(expected)}`,
    `  found:    ${clean(found)}`,
    `  ${clean(explanation)}`,
  ];
}

/** What a bundle proves, in lines. */
export function verdictOfBundle(verdict: BundleVerdict, colours: Colours): string {
  const { ok, events, streams, seals, unsealed, anchor, firstDamage, statements } = verdict;
  const good =
    anchor.kind === 'nobody' ? colours.yellow('good in itself; nobody vouches for it') : colours.green('good');
  const lines = [
    ok ? good : colours.red('damaged'),
    `  ${counted(events, 'event')} in ${counted(streams, 'stream')}, ${counted(seals, 'seal')}, ${counted(unsealed, 'event')} that no seal covers`,
    // Of a damaged one they would only repeat what follows.
    ...(firstDamage === undefined ? statements.map((statement) => `  ${clean(statement)}`) : []),
    ...(firstDamage === undefined
      ? []
      : damageLines({ ...firstDamage, kind: `${firstDamage.check} (${firstDamage.kind})` }, colours)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
