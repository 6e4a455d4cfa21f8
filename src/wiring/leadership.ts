import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Cluster, LeadershipNews } from '#kubernetes';
import { LeaderElection, systemClock } from '#kubernetes';
import type { Leadership } from '#runtime';
import { alone } from '#runtime';
import type { Config } from '../config/schema.ts';
import type { Log } from '../logging/log.ts';

/** The same for all replicas of one service. */
const LEASE_NAME = 'workflow-execution-service';

/** Which replica acts: the only one there can be, or the one that holds the Lease. */
export function leadershipFor({ controller, execution }: Config, cluster: Cluster, log: Log): Leadership {
  if (controller.leaderElection === 'off') return alone;
  const identity = `${hostname()}_${randomUUID()}`;
  return new LeaderElection({
    cluster,
    clock: systemClock,
    lease: { namespace: controller.leaseNamespace ?? execution.namespace, name: LEASE_NAME },
    identity,
    report: (news) => tell(news, identity, log),
  });
}

/** Failures in a row that are told one by one; after that, each power of two. */
const TOLD_FAILURES = 3;

function tell(news: LeadershipNews, identity: string, log: Log): void {
  switch (news.kind) {
    case 'renewed':
      return;
    case 'waiting':
      return log.info({ holder: news.holder }, 'another replica leads; this one answers and waits');
    case 'acquired':
      return log.info({ term: news.term, identity }, 'this replica leads: it acts from now on');
    case 'lost':
      return log.warn({ ...news }, 'this replica leads no longer: it does not act any more');
    case 'released':
      return log.info({ identity }, 'the Lease was given back');
    case 'failed':
      if (news.failures <= TOLD_FAILURES || Number.isInteger(Math.log2(news.failures)))
        log.warn({ err: news.error, failures: news.failures }, news.message);
      return;
  }
}
