import { PageSourceBinding } from './binding';
import { documentSource } from './document-source';
import { DocumentDbSourceOptions } from './page-source-options';

/** A collection of an Amazon DocumentDB cluster, which knows no seed lists, and before version 8.0 no collations. */
export function documentDb(options: DocumentDbSourceOptions): PageSourceBinding {
  return documentSource(options, { factory: 'PageSource.documentDb', vpc: options.vpc, config: { engine: 'documentDb', mixedIdTypes: false } });
}
