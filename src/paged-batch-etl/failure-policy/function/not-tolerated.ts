/** Something failed that is no item: the page has to be processed again, and the run is told why. */
export class NotTolerated extends Error {
  constructor(readonly error: string, readonly reason: string) {
    super(`${error} is no failure of an item`);
    this.name = 'NotTolerated';
  }
}
