import { NO_ITEMS_LEFT, NO_READABLE_ITEMS, Page, PassedOver, WrittenPage } from '../../contracts/read-page';

/** Not a failure: the workflow catches it and ends well. */
class NoItemsLeft extends Error {
  override readonly name = NO_ITEMS_LEFT;

  constructor() {
    super('No items are left, so there is no page');
  }
}

/** Not a failure either: the workflow catches it, and hands on what was passed over. */
class NoReadableItems extends Error {
  override readonly name = NO_READABLE_ITEMS;

  constructor(page: Omit<Page, 'items'> & PassedOver) {
    super(JSON.stringify(page));
    // Lambda reports it beside the message, which it would repeat, and what is too long is cut off.
    this.stack = NO_READABLE_ITEMS;
  }
}

/** The page, if it has items: a page without any is not answered but thrown, for the reason given at `NO_ITEMS_LEFT`. */
export function someItems<T extends Page | WrittenPage>(page: T): T {
  if (!('items' in page) || page.items.length > 0) return page;
  if (!hasPassedOver(page) || page.failed.length === 0) throw new NoItemsLeft();
  const { cursor, done, failed } = page;
  throw new NoReadableItems({ cursor, done, failed });
}

function hasPassedOver<T extends Page>(page: T): page is T & PassedOver {
  return 'failed' in page;
}
