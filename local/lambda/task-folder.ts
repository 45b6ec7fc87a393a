import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FunctionCode } from './function-configuration';

/** What the Lambda runtime brings along for functions that do not bundle it. */
const RUNTIME_SCOPES = ['@aws-sdk', '@smithy'];

/**
 * Where functions live while they run: each bundle a copy in a folder of its own, beside one `node_modules` that has the AWS SDK only.
 * So Node's own resolution finds what the real runtime has, and nothing else of this repository.
 */
export class TaskFolders {
  /** Folders that every function may read beside its own: the packages of the runtime. */
  readonly readable: readonly string[];
  private readonly root: string;
  private readonly unpacked = new Map<string, string>();
  private count = 0;

  constructor() {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'local-lambda-')));
    const packages = installedPackages();
    const modules = join(this.root, 'node_modules');
    mkdirSync(modules);
    for (const scope of RUNTIME_SCOPES) {
      if (existsSync(join(packages, scope))) symlinkSync(join(packages, scope), join(modules, scope), 'dir');
    }
    this.readable = [modules, packages];
  }

  /** Unpacks code; answers the folder. What is no longer where it was is taken as it was unpacked before: an update that fails goes back to it. */
  add(code: FunctionCode): string {
    const before = 'inline' in code || existsSync(code.folder) ? undefined : this.unpacked.get(code.folder);
    if (before !== undefined) return before;
    const folder = join(this.root, `task-${this.count++}`);
    if ('inline' in code) {
      mkdirSync(folder);
      writeFileSync(join(folder, 'index.js'), code.inline);
    } else {
      if (!statSync(code.folder).isDirectory()) throw new Error(`${code.folder}: the local cloud runs bundles from folders only, not archives`);
      cpSync(code.folder, folder, { recursive: true });
      this.unpacked.set(code.folder, folder);
    }
    return folder;
  }

  /** Deletes all of them. */
  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The `node_modules` of this repository. */
function installedPackages(): string {
  const sdkManifest = require.resolve('@aws-sdk/types/package.json');
  return dirname(dirname(dirname(sdkManifest)));
}
