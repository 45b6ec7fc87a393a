/** Documents in one answer of the server while nothing is known of their size. */
const FIRST_BATCH = 16;

/** From one page to the next, answers grow at most by this factor: the documents seen may be smaller than those to come. */
const GROWTH = 8;

/** Bytes of `[]`, and of the comma between two items. */
const LIST_BYTES = 2;
const SEPARATOR_BYTES = 1;

/** How much of a page is used, and how many documents to ask the server for at once. */
export class PageBudget {
  private items = 0;
  private bytes = LIST_BYTES;

  /**
   * @param batchSize most items
   * @param pageBytes most bytes of their list
   * @param answerSize documents in one answer of the server, as the page before this one suggests
   */
  constructor(private readonly batchSize: number, private readonly pageBytes: number, private readonly answerSize: number = FIRST_BATCH) {}

  get isEmpty(): boolean {
    return this.items === 0;
  }

  hasRoom(): boolean {
    return this.items < this.batchSize;
  }

  fits(itemBytes: number): boolean {
    return this.bytes + this.separator() + itemBytes <= this.pageBytes;
  }

  use(itemBytes: number): void {
    this.bytes += this.separator() + itemBytes;
    this.items += 1;
  }

  /** Documents that are needed at most: what there is room for, and one more to know whether anything follows. */
  documentsWanted(): number {
    return this.batchSize - this.items + 1;
  }

  documentsAtOnce(): number {
    return Math.min(this.answerSize, this.documentsWanted());
  }

  /** For the next page: as many documents as fill it, if they are as large as these, and one more. */
  nextAnswerSize(): number {
    if (this.isEmpty) return this.answerSize;
    const filling = Math.ceil(this.pageBytes / (this.bytes / this.items)) + 1;
    return Math.min(filling, GROWTH * this.answerSize, this.batchSize + 1);
  }

  private separator(): number {
    return this.isEmpty ? 0 : SEPARATOR_BYTES;
  }
}
