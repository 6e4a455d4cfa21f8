import type { BundleScope } from './format.ts';
import type { BundleVerdict } from './verdict.ts';

/** The verdict in sentences: what it proves, and what not. */
export function statementsOf(verdict: Omit<BundleVerdict, 'statements'>): string[] {
  const { firstDamage: damage, head, events, streams, seals, unsealed } = verdict;
  if (damage !== undefined || head === undefined)
    return [`Damaged: ${damage?.check} in line ${damage?.line}. ${damage?.explanation ?? ''}`];
  return [
    `Intact: ${counted(events, 'event')} of ${counted(streams, 'stream')}, ${scopeText(head.scope)}, as of ${head.asOf}.`,
    `${events - unsealed} of them are under ${counted(seals, 'seal')} with good signatures.`,
    ...archivedTexts(verdict),
    ...(unsealed > 0 ? [`${unsealed} ${unsealed === 1 ? 'is' : 'are'} not under a seal${unsealedText(verdict)}.`] : []),
    wholeText(verdict, head.scope),
    ...anchorTexts(verdict),
    ...(verdict.acceptedRollbacks > 0
      ? [`Somebody accepted ${verdict.acceptedRollbacks} times that the log did not bear a published head out.`]
      : []),
    'Nothing here proves that what was recorded was true, or anything against somebody who holds the private key.',
  ];
}

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

function scopeText(scope: BundleScope): string {
  switch (scope.kind) {
    case 'all':
      return 'the whole log';
    case 'execution':
      return `execution ${scope.executionId}`;
    case 'executions':
      return `${scope.executionIds.length} executions`;
    case 'time':
      return `from ${scope.from ?? 'the beginning'} to ${scope.to ?? 'the end'}, rounded outwards to whole seals`;
  }
}

/** Names of files shown. */
const NAMED = 5;

function archivedTexts({ archived, archives }: Omit<BundleVerdict, 'statements'>): string[] {
  if (archived === 0) return [];
  const more = archives.length > NAMED ? ` and ${archives.length - NAMED} more` : '';
  const files = `${archives.slice(0, NAMED).join(', ')}${more}`;
  return [
    `${archived} are here by their hashes only: what they said is in the archive files ${files}; verify these too.`,
  ];
}

const unsealedText = ({ signedBy }: Omit<BundleVerdict, 'statements'>): string =>
  signedBy === undefined ? ', and nothing else vouches for them' : '; only the signature of the bundle speaks for them';

function wholeText({ signedBy }: Omit<BundleVerdict, 'statements'>, scope: BundleScope): string {
  const inside =
    scope.kind === 'execution' || scope.kind === 'executions'
      ? 'No event is missing before its last one'
      : 'No event is missing inside it';
  const rest = signedBy === undefined ? 'nobody signed' : 'the signature of the bundle says';
  return `${inside}; that there were no more up to then, ${rest}.`;
}

function anchorTexts({ anchor, signedBy, isHeadMet }: Omit<BundleVerdict, 'statements'>): string[] {
  if (anchor.kind === 'nobody')
    return [signedBy === undefined ? UNSIGNED : `It is signed by key ${signedBy}. ${UNKNOWN}`];
  const headText =
    isHeadMet === true
      ? 'The seal of the published head is in it.'
      : 'The seal of the published head is not in it: that both are of one history is the word of the signature.';
  return [
    `It is signed by key ${signedBy}, which a trusted key vouches for.`,
    ...(isHeadMet === undefined ? [] : [headText]),
  ];
}

const UNSIGNED = 'It is not signed, and NOBODY VOUCHES for the keys of its seals.';
const UNKNOWN = 'NOBODY VOUCHES for that key: give a public key or a published head.';
