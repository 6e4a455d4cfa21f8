import type { KubeObject, ObjectPage } from '../cluster.ts';
import type { Asked } from './refusals.ts';
import { expired } from './refusals.ts';

/** Lists that were not read to their end; the oldest is forgotten first. */
const MAX_OPEN_LISTS = 200;

interface OpenList {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
}

/** What continue tokens stand for: the rest of a list, as of the moment it was begun. */
export class OpenLists {
  private readonly open = new Map<string, OpenList>();
  private issued = 0;

  /** The first `limit` of the items; the rest is kept behind a token. */
  page(items: readonly KubeObject[], resourceVersion: string, limit = items.length): ObjectPage {
    if (limit <= 0 || items.length <= limit) return { items, resourceVersion };
    this.issued += 1;
    const token = `memory-${this.issued}`;
    this.open.set(token, { items: items.slice(limit), resourceVersion });
    if (this.open.size > MAX_OPEN_LISTS) this.open.delete(this.open.keys().next().value as string);
    return { items: items.slice(0, limit), resourceVersion, continue: token };
  }

  /** @throws ClusterError gone when the token has expired */
  next(attempt: Asked, token: string, limit: number | undefined): ObjectPage {
    const rest = this.open.get(token);
    if (rest === undefined) throw expired(attempt);
    return this.page(rest.items, rest.resourceVersion, limit);
  }

  forget(): void {
    this.open.clear();
  }
}
