import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the receiver has been sent. If several receivers share the work, put a database behind it. */
export interface Inbox {
  /** Keeps a callback before it is answered; false if one with this id is here already. */
  add(id: string, text: string): boolean;
  /** The callbacks that are not done, oldest first. */
  waiting(): [id: string, text: string][];
  /** Its result is downloaded. The id stays, for later repeats. */
  done(id: string): void;
}

/** A file for each callback, and an empty one beside it when it is done. */
export class FolderInbox implements Inbox {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  add(id: string, text: string): boolean {
    const draft = this.path(id, '.draft');
    writeFileSync(draft, text);
    try {
      // All or nothing: it fails if the file is there, and nobody sees half of it.
      linkSync(draft, this.path(id, '.json'));
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(draft);
    }
  }

  waiting(): [id: string, text: string][] {
    const ids = readdirSync(this.folder).filter((name) => name.endsWith('.json')).map((name) => decodeURIComponent(name.slice(0, -'.json'.length)));
    const age = (id: string) => statSync(this.path(id, '.json')).mtimeMs;
    return ids.filter((id) => !existsSync(this.path(id, '.done'))).sort((a, b) => age(a) - age(b))
      .map((id) => [id, readFileSync(this.path(id, '.json'), 'utf8')]);
  }

  done(id: string): void {
    writeFileSync(this.path(id, '.done'), '');
  }

  private path(id: string, end: string): string {
    return join(this.folder, encodeURIComponent(id) + end);
  }
}
