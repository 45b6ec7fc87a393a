import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Metafile } from 'esbuild';

const RULE = `\n${'-'.repeat(100)}\n\n`;

/** Folders, relative to the repository, of the npm packages that left code in a bundle. */
export function packageFoldersOf(metafile: Metafile): string[] {
  return Object.values(metafile.outputs)
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([input]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0])
    .filter((folder) => folder !== undefined);
}

/** The text that must accompany the bundles: each licence once, under the packages it covers, with their notices. */
export function renderLicenses(root: string, folders: Iterable<string>): string {
  const packagesByText = new Map<string, string[]>();
  for (const folder of [...new Set(folders)].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const legal = shippedText(join(root, folder)) ?? standardText(name, license);
    packagesByText.set(legal, [...packagesByText.get(legal) ?? [], `${name} ${version} (${license})`]);
  }
  const sections = [...packagesByText].map(([legal, packages]) => `${[...new Set(packages)].join('\n')}\n\n${legal}\n`);
  return ['The Lambda handlers in this package contain code of the following packages.\n', ...sections].join(RULE);
}

function shippedText(folder: string): string | undefined {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
  return files.length === 0 ? undefined : files.map((file) => readText(join(folder, file))).join('\n\n');
}

/** Some packages name their licence but ship no text. That of Apache-2.0 is the same for all: it names no holder. */
function standardText(name: string, license: string): string {
  if (license !== 'Apache-2.0') throw new Error(`${name} (${license}) is bundled but ships no licence text`);
  return readText(require.resolve(`projen/license-text/${license}.txt`));
}

function readText(file: string): string {
  return readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim();
}
