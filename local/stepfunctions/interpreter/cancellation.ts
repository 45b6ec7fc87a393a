import { Cancelled } from './failure';

/**
 * A tree of work that is called off together. Unlike a chain of abort signals, no signal collects a listener for every piece of work below it.
 */
export class CancellationScope {
  private readonly controller = new AbortController();
  private readonly children = new Set<CancellationScope>();
  private closed = false;

  constructor(private readonly parent?: CancellationScope) {
    parent?.children.add(this);
    if (parent?.signal.aborted) this.cancel();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  child(): CancellationScope {
    return new CancellationScope(this);
  }

  /** Calls off this work and all below it. Without effect on work that is closed. */
  cancel(): void {
    if (this.closed) return;
    this.controller.abort(new Cancelled());
    for (const child of this.children) child.cancel();
    this.close();
  }

  /** Forgets this work: it is done, or goes on although nobody waits for it. */
  close(): void {
    this.closed = true;
    this.parent?.children.delete(this);
  }

  throwIfCancelled(): void {
    this.signal.throwIfAborted();
  }

  /** The outcome of the work, or `Cancelled` as soon as it is called off, even if the work never ends. */
  async race<T>(work: Promise<T>): Promise<T> {
    this.throwIfCancelled();
    return new Promise<T>((resolve, reject) => {
      const onAbort = () => reject(new Cancelled());
      this.signal.addEventListener('abort', onAbort, { once: true });
      work.then(resolve, reject).finally(() => this.signal.removeEventListener('abort', onAbort));
    });
  }
}
