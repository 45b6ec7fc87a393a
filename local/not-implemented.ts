/**
 * Something that AWS does and the local cloud does not. It is refused by name before anything runs: when a template is deployed, when a resource such as
 * a state machine is created, or when an operation is called. It never ends work that was accepted.
 */
export class NotImplemented extends Error {
  /** `what` is named in the message; `where` says who asks for it: `states`, or a place in a definition. */
  constructor(where: string, what: string) {
    super(`${where}: the local cloud does not implement ${what}`);
  }
}
