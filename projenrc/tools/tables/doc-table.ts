import { Table } from './markdown-table';

/** A table in the docs that is made from code. */
export interface DocTable {
  /** The file that it stands in. */
  readonly page: string;
  /** Unique in that page. */
  readonly name: string;
  /** What it is made from, in words. */
  readonly origin: string;
  make(): Table;
}
