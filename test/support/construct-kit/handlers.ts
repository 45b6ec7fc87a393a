/** What every function of the library keeps: what its bundle needs, and what it says where it is not configured. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const SRC = join(__dirname, '..', '..', '..', 'src');

export interface BundleFacts {
  /** Packages that it is made of. The SDK comes with the runtime, all others are bundled with it. */
  readonly packages: readonly string[];
  /** Whether it needs modules of Node too. */
  readonly node: boolean;
  /** Most bytes of the bundle that users deploy, where that is held: what a function loads delays its first answer. */
  readonly mostBytes?: number;
}

/** What a handler requires: nothing of the CDK may get into its bundle. */
async function requiredBy(handler: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [handler], bundle: true, platform: 'node', target: 'node22', format: 'cjs', packages: 'external', metafile: true, write: false,
  });
  const paths = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  return [...new Set(paths)].sort();
}

/**
 * All handlers of a construct.
 *
 * @param folder of the construct, below `src`
 * @param bundles by path below the folder, without `.lambda.ts`
 */
export function testHandlerBundles(folder: string, bundles: Readonly<Record<string, BundleFacts>>): void {
  test('every handler is tested here', () => {
    const files = readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' }).flatMap((path) => /^(.*)\.lambda\.ts$/.exec(path)?.[1] ?? []);
    expect(files.sort()).toEqual(Object.keys(bundles).sort());
  });

  test.each(Object.entries(bundles))('%s is made of Node, the SDK and few packages: nothing of the CDK gets into the bundle', async (path, { packages, node }) => {
    const required = await requiredBy(join(SRC, folder, `${path}.lambda.ts`));
    expect(required.filter((name) => !name.startsWith('node:'))).toEqual([...packages].sort());
    expect(required.some((name) => name.startsWith('node:'))).toBe(node);
  });

  const limited = Object.entries(bundles).flatMap(([path, { mostBytes }]) => (mostBytes === undefined ? [] : [{ path, mostBytes }]));
  if (limited.length === 0) return;
  test.each(limited)('the bundle of $path has at most $mostBytes bytes', ({ path, mostBytes }) => {
    const lock: Record<string, { bytes: number }> = JSON.parse(readFileSync(join(SRC, '..', 'assets.lock.json'), 'utf8'));
    expect(lock[`${folder}/${path}`].bytes).toBeLessThanOrEqual(mostBytes);
  });
}

/**
 * What a handler says as long as a variable is missing, every time it is called.
 *
 * @param call answers the message of its error
 * @param variables in the order in which they are missed, each with a value that is then given
 */
export async function expectMissing(call: () => Promise<string>, variables: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(variables)) {
    expect(await call()).toMatch(new RegExp(`\\b${name}\\b`));
    process.env[name] = value;
  }
}

/**
 * Lines that functions log while a test of the file runs, which do not get into the output; what a test changes in the environment is undone.
 *
 * @param write where the function writes
 */
export function useLogLines(write: 'console' | 'stdout'): () => string[] {
  const original = { ...process.env };
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    if (write === 'console') jest.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
    else jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  });
  afterEach(() => {
    process.env = { ...original };
    jest.restoreAllMocks();
  });
  return () => lines;
}
