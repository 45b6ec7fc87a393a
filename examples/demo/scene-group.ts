import { Terminal } from './terminal';

export interface SceneOptions {
  /** About how many documents the large scene processes; absent for its default. */
  readonly items?: number;
}

/** `skipped`: something of this machine is missing, which was said. */
export type Outcome = 'held' | 'failed' | 'skipped';

/** Scenes about one construct. */
export interface SceneGroup {
  /** Plays every scene, one after the other. */
  play(terminal: Terminal, options: SceneOptions): Promise<Outcome>;
  /** Leaves a local cloud running, at the real time and pace, for whoever wants to try it, until the promise settles. */
  keep(terminal: Terminal, options: SceneOptions, ended: () => Promise<void>): Promise<void>;
}
