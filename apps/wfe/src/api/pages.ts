import { Failure } from '../exit-codes.ts';

export interface Page<Item> {
  readonly items: Item[];
  readonly next?: string | undefined;
}

/**
 * As many pages as it takes for `wanted` items, as one page that is otherwise the last of them. `most` is what the API gives
 * at once. @throws Failure
 */
export async function pagesOf<Item, Answer extends Page<Item>>(
  wanted: number,
  most: number,
  ask: (page: { readonly limit: number; readonly cursor?: string }) => Promise<Answer>,
): Promise<Answer> {
  const items: Item[] = [];
  let cursor: string | undefined;
  // Every page but the last has its items, so this ends.
  for (;;) {
    const limit = Math.min(most, wanted - items.length);
    const page = await ask({ limit, ...(cursor !== undefined && { cursor }) });
    items.push(...page.items);
    cursor = page.next;
    if (cursor === undefined || items.length >= wanted) return { ...page, items };
    if (page.items.length === 0)
      throw new Failure('serviceFailed', 'expected items in a page that is not the last, found none');
  }
}
