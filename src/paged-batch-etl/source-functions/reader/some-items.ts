import { NO_ITEMS_LEFT, Page, WrittenPage } from '../../contracts/read-page';

/** Not a failure: the workflow catches it and ends well. */
class NoItemsLeft extends Error {
  override readonly name = NO_ITEMS_LEFT;

  constructor() {
    super('No items are left, so there is no page');
  }
}

/** The page, if it has items: a page without any is not answered but thrown, for the reason given at `NO_ITEMS_LEFT`. */
export function someItems<T extends Page | WrittenPage>(page: T): T {
  if ('items' in page && page.items.length === 0) throw new NoItemsLeft();
  return page;
}
