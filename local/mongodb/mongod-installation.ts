import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../errors';

/** How long a failed installation is not tried again, in milliseconds: 6 hours. */
const FAILURE_REMEMBERED_MILLISECONDS = 6 * 3_600_000;

export interface MongodInstallation {
  /** Folder for what is installed; it survives the run. */
  readonly cacheFolder: string;
  /** Name of the installation in that folder; another content needs another name. */
  readonly name: string;
  /** The file that it is about, relative to the installation. */
  readonly file: string;
  /** Fills an empty folder, or throws an error that says why it cannot. */
  readonly install: (folder: string) => void;
}

/**
 * The installed file. It installs at most once, whichever process comes first, and shows no half installations: they are made
 * aside and renamed. A failure is remembered, because trying again can cost every test file many seconds.
 *
 * @throws Error saying why it cannot be installed.
 */
export function installOnce({ cacheFolder, name, file, install }: MongodInstallation): string {
  const folder = join(cacheFolder, name);
  const path = join(folder, file);
  if (existsSync(path)) return path;
  const failure = `${folder}.failed`;
  if (isRecent(failure)) throw new Error(`${readFileSync(failure, 'utf8')} (tried a while ago; remove ${failure} to try again)`);
  mkdirSync(dirname(folder), { recursive: true });
  const aside = mkdtempSync(`${folder}.`);
  try {
    install(aside);
    if (!existsSync(join(aside, file))) throw new Error(`${name} has no ${file}`);
    publish(aside, folder);
    rmSync(failure, { force: true });
  } catch (error) {
    writeFileSync(failure, messageOf(error));
    throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return path;
}

function isRecent(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs < FAILURE_REMEMBERED_MILLISECONDS;
}

function publish(aside: string, folder: string): void {
  try {
    renameSync(aside, folder);
  } catch (error) {
    // Another process was faster: its installation is as good.
    if (!existsSync(folder)) throw error;
  }
}
