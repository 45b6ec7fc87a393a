import { PageSourceBinding } from './binding';
import { custom } from './custom';
import { documentDb } from './document-db';
import { mongo } from './mongo';
import { CUSTOM_KINDS, DOCUMENT_DB_KINDS, MONGO_KINDS } from './option-kinds';
import { CustomSourceOptions, DocumentDbSourceOptions, MongoSourceOptions } from './page-source-options';
import { checkOptions } from '../../private/synth/option-kinds';

/**
 * Where the pages of a run come from.
 *
 * A page is what follows the page before it in an order that does not change. That there is nothing after the last page is proven, not
 * assumed: a run that ends has seen every item that was there all the time.
 */
export class PageSource {
  /** A collection of a MongoDB server, version 4.4 or newer: your own or MongoDB Atlas. */
  public static mongo(options: MongoSourceOptions): PageSource {
    return new PageSource(mongo(checkOptions('PageSource.mongo', options, MONGO_KINDS)));
  }

  /** A collection of an Amazon DocumentDB cluster, version 5.0 or newer. Nothing is used that DocumentDB lacks, and its certificates come with the function. */
  public static documentDb(options: DocumentDbSourceOptions): PageSource {
    return new PageSource(documentDb(checkOptions('PageSource.documentDb', options, DOCUMENT_DB_KINDS)));
  }

  /** A function of your own. Whatever it answers is checked before it becomes a page. */
  public static custom(options: CustomSourceOptions): PageSource {
    return new PageSource(custom(checkOptions('PageSource.custom', options, CUSTOM_KINDS)));
  }

  /** @internal */
  public readonly _binding: PageSourceBinding;

  private constructor(binding: PageSourceBinding) {
    this._binding = binding;
  }
}
