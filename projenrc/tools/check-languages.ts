/**
 * Proves that the package works from every language that it is published for: the examples of a language, run with the package as users would install it, must
 * synthesise to what the TypeScript examples do. Templates and asset manifests (with the hash of every asset) are compared as JSON, and nothing is left out.
 *
 *     check-languages [--require] [LANGUAGE...]
 *
 * A language whose tools are not there is left out, and the output says so; with --require that is a failure. Needs compiled sources.
 */
import { deepStrictEqual } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { cdkSynth, examplesIn } from './cdk-synth';
import { checkCsharp } from './languages/csharp';
import { Go } from './languages/go';
import { Java } from './languages/java';
import { Language } from './languages/language';
import { Python } from './languages/python';
import { emptyFolder, fail, found, ROOT, runAsync } from './repository';

/** File name to content. */
type Files = Readonly<Record<string, unknown>>;

const ALL = ['python', 'java', 'go', 'csharp'];

async function main(): Promise<void> {
  const { values: { require: required }, positionals } = parseArgs({ options: { require: { type: 'boolean', default: false } }, allowPositionals: true });
  const unknown = positionals.filter((name) => !ALL.includes(name));
  if (unknown.length > 0) throw new Error(`a language must be one of ${ALL.join(', ')}, got ${unknown.join(', ')}`);
  const chosen = positionals.length > 0 ? positionals : ALL;
  const typescript = new TypeScriptAssemblies();
  const checks = [
    () => checkPython(typescript),
    () => checkLanguage(new Java(), typescript),
    () => checkLanguage(new Go(), typescript),
    () => timed('C#', async () => checkCsharp(emptyFolder('packages/csharp'))),
  ].filter((_, index) => chosen.includes(ALL[index]));
  // One that fails must not leave the others running behind it.
  const results = await Promise.allSettled(checks.map(async (check) => check()));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  const missing = results.some((result) => result.status === 'fulfilled' && !result.value);
  if (missing && required) throw new Error('a language could not be tried, and --require says that all must be');
}

async function checkPython(typescript: TypeScriptAssemblies): Promise<boolean> {
  const python = new Python();
  const tried = await checkLanguage(python, typescript);
  return tried && timed('Python programs of the docs, and the receiver in Python', async () => {
    await python.runPrograms();
    return 'they work';
  });
}

/** Whether it could be tried. */
async function checkLanguage(language: Language, typescript: TypeScriptAssemblies): Promise<boolean> {
  const missing = language.needs.filter((command) => !found(command));
  if (missing.length > 0) {
    console.log(`${language.title}: not tried, for there is no ${missing.join(' and no ')} here`);
    return false;
  }
  return timed(language.title, async () => {
    const packages = emptyFolder(join('packages', language.target));
    await runAsync(join(ROOT, 'node_modules/.bin/jsii-pacmak'), ['--force', '--targets', language.target, '--outdir', packages]);
    await language.install(packages);
    const examples = examplesIn(language.target);
    for (const example of examples) {
      const output = emptyFolder(join('cdk.out', language.target, example));
      await language.synth(example, output);
      compare(language.title, filesOf(output), await typescript.of(example));
    }
    return `the same templates and assets as TypeScript from ${examples.join(', ')}`;
  });
}

function compare(title: string, theirs: Files, typescript: Files): void {
  if (!isDeepStrictEqual(theirs, typescript)) console.error(`${title} does not give what TypeScript does. Below, + is ${title} and - is TypeScript.`);
  deepStrictEqual(theirs, typescript);
}

/** What the TypeScript examples synthesise to; each is run once. */
class TypeScriptAssemblies {
  private readonly assemblies = new Map<string, Promise<Files>>();

  public async of(example: string): Promise<Files> {
    const assembly = this.assemblies.get(example) ?? this.synth(example);
    this.assemblies.set(example, assembly);
    return assembly;
  }

  private async synth(example: string): Promise<Files> {
    const output = emptyFolder(join('cdk.out/typescript', example));
    await cdkSynth(join(ROOT, 'examples/typescript', example), output);
    return filesOf(output);
  }
}

/** The other files of an assembly hold stack traces and paths of the app's own language. */
function filesOf(folder: string): Files {
  const files = readdirSync(folder).filter((file) => /\.(template|assets)\.json$/.test(file)).sort();
  return Object.fromEntries(files.map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))]));
}

async function timed(title: string, check: () => Promise<string>): Promise<boolean> {
  const start = Date.now();
  const result = await check();
  console.log(`${title}: ${result} (${Math.round((Date.now() - start) / 1000)}s)`);
  return true;
}

main().catch(fail);
