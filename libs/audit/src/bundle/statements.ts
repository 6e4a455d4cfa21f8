import type { BundleScope } from './format.ts';
import type { BundleVerdict } from './verify-bundle.ts';

/** The verdict in sentences: what it proves, and what not. */
export function statementsOf(verdict: Omit<BundleVerdict, 'statements'>): string[] {
  const { firstDamage: damage, head, counts } = verdict;
  if (damage !== undefined || head === undefined)
    return [`Damaged: ${damage?.kind} in line ${damage?.line}. ${damage?.explanation ?? ''}`];
  const sealed = counts.events - counts.unsealed;
  return [
    `Intact: ${counts.events} events of ${counts.streams} streams, ${scopeText(head.scope)}, as of ${head.asOf}.`,
    `${sealed} of them are under ${counts.seals} seals with good signatures.`,
    ...(counts.unsealed > 0 ? [`${counts.unsealed} are not under a seal${unsealedText(verdict)}.`] : []),
    wholeText(verdict, head.scope),
    ...anchorTexts(verdict),
    ...(verdict.rollbacks > 0
      ? [`Somebody accepted ${verdict.rollbacks} times that the log did not bear a published head out.`]
      : []),
    'Nothing here proves that what was recorded was true, or anything against somebody who holds the private key.',
  ];
}

function scopeText(scope: BundleScope): string {
  switch (scope.kind) {
    case 'all':
      return 'the whole log';
    case 'execution':
      return `execution ${scope.executionId}`;
    case 'time':
      return `from ${scope.from ?? 'the beginning'} to ${scope.to ?? 'the end'}, rounded outwards to whole seals`;
  }
}

const unsealedText = ({ signedBy }: Omit<BundleVerdict, 'statements'>): string =>
  signedBy === undefined ? ', and nothing else vouches for them' : '; only the signature of the bundle speaks for them';

function wholeText({ signedBy }: Omit<BundleVerdict, 'statements'>, scope: BundleScope): string {
  const inside =
    scope.kind === 'execution' ? 'No event is missing before its last one' : 'No event is missing inside it';
  const rest = signedBy === undefined ? 'nobody signed' : 'the signature of the bundle says';
  return `${inside}; that there were no more up to then, ${rest}.`;
}

function anchorTexts({ anchor, signedBy }: Omit<BundleVerdict, 'statements'>): string[] {
  switch (anchor) {
    case 'none':
      return [
        signedBy === undefined
          ? 'The bundle is not signed, and nobody vouches for the keys of its seals.'
          : `It is signed by key ${signedBy}. NOBODY VOUCHES for that key: give a public key or a published head.`,
      ];
    case 'key':
      return [`It is signed by key ${signedBy}, which a trusted key vouches for.`];
    case 'head':
      return [`It is signed by key ${signedBy}, and the published head is in it.`];
    case 'head-unmet':
      return [
        `It is signed by key ${signedBy}, which the published head vouches for. The seal of the head is not in the bundle, so whether both are of one history is the signature's word.`,
      ];
  }
}
