/** Kubernetes' order of API versions: v2, v1, v1beta2, v1alpha1, then others by name. */
export function compareVersions(a: string, b: string): number {
  const [rankA, rankB] = [rank(a), rank(b)];
  if (rankA === undefined || rankB === undefined) {
    if (rankA || rankB) return rankA ? -1 : 1;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return rankB.stability - rankA.stability || rankB.major - rankA.major || rankB.minor - rankA.minor;
}

const STABILITY = { alpha: 0, beta: 1, '': 2 } as const;

function rank(version: string): { stability: number; major: number; minor: number } | undefined {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!match) return undefined;
  const stage = (match[2] ?? '') as keyof typeof STABILITY;
  return { stability: STABILITY[stage], major: Number(match[1]), minor: Number(match[3] ?? 0) };
}
