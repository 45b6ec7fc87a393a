/** Documents in one answer of the server while nothing is known of their size. */
export const FIRST_BATCH = 16;

/** From one answer to the next, they grow at most by this factor: the documents seen may be smaller than those to come. */
const GROWTH = 8;

/** An answer is asked for, and kept, as a whole: larger ones save next to nothing. The server itself ends an answer at 16 MiB. */
const MOST_AT_ONCE = 10_000;

/** Bytes of `[]`, and of the comma between two items. */
const LIST_BYTES = 2;
const SEPARATOR_BYTES = 1;

/** How much of a page is used, and how many documents to ask the server for at once. */
export class PageBudget {
  private items = 0;
  private bytes = LIST_BYTES;
  /** Most documents that were asked for at once. */
  private largestAnswer: number;
  private mostAtOnce = MOST_AT_ONCE;

  /**
   * @param batchSize most items
   * @param pageBytes most bytes of their list
   * @param answerSize documents in one answer of the server, as the page before this one suggests
   */
  constructor(private readonly batchSize: number, private readonly pageBytes: number, private readonly answerSize: number = FIRST_BATCH) {
    this.largestAnswer = answerSize;
  }

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

  /** For the next answer: as many documents as fill the page, if they are as large as those in it, and one more. */
  documentsAtOnce(): number {
    const wanted = this.isEmpty ? this.answerSize : Math.min(this.filling(this.pageBytes - this.bytes), GROWTH * this.largestAnswer);
    const size = Math.min(wanted, this.documentsWanted(), this.mostAtOnce);
    this.largestAnswer = Math.max(this.largestAnswer, size);
    return size;
  }

  /** The server takes too long for more documents at once. No fewer are asked for than at first: what takes time then is not their number. */
  limitAnswers(documents: number): void {
    this.mostAtOnce = Math.max(FIRST_BATCH, Math.min(documents, MOST_AT_ONCE));
  }

  /** For the next page. */
  nextAnswerSize(): number {
    if (this.isEmpty) return this.answerSize;
    return Math.min(this.filling(this.pageBytes), GROWTH * this.largestAnswer, this.batchSize + 1, this.mostAtOnce);
  }

  /** Documents like those in the page that fill this many bytes, and one more. */
  private filling(bytes: number): number {
    return Math.ceil(bytes / (this.bytes / this.items)) + 1;
  }

  private separator(): number {
    return this.isEmpty ? 0 : SEPARATOR_BYTES;
  }
}
