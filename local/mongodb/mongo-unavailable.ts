/** There is no MongoDB server for what was asked; the message is one sentence for people, saying why and what to do. */
export class MongoUnavailable extends Error {
  override readonly name = 'MongoUnavailable';
}
