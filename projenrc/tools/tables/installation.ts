import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DocTable } from './doc-table';
import { ROOT } from '../repository';

const PAGE = 'docs/installing.md';

interface Package {
  readonly name: string;
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly jsii: {
    readonly targets: {
      readonly java: { readonly package: string; readonly maven: { readonly groupId: string; readonly artifactId: string } };
      readonly python: { readonly distName: string; readonly module: string };
      readonly dotnet: { readonly namespace: string; readonly packageId: string };
      readonly go: { readonly moduleName: string };
    };
  };
}

/** What an app must have. */
const NEEDED: DocTable = {
  page: PAGE,
  name: 'What is needed',
  origin: 'package.json',
  make: () => {
    const { engines, peerDependencies } = readPackage();
    return {
      header: ['what', 'version'],
      rows: [...Object.entries(peerDependencies).sort().map(([name, version]) => [`\`${name}\``, `\`${version}\``]), ['Node.js, in every language', `\`${engines.node}\``]],
    };
  },
};

/** How it is installed and imported. */
const LANGUAGES: DocTable = {
  page: PAGE,
  name: 'Languages',
  origin: 'package.json',
  make: () => {
    const { name, jsii: { targets: { java, python, dotnet, go } } } = readPackage();
    // What jsii calls the package in the module.
    const goPackage = name.replace(/[^a-z0-9]/g, '');
    const rows = [
      ['TypeScript', `npm install ${name}`, `import { PagedBatchEtl } from '${name}';`],
      ['Python', `pip install ${python.distName}`, `from ${python.module} import PagedBatchEtl`],
      ['Java', `${java.maven.groupId}:${java.maven.artifactId}`, `import ${java.package}.PagedBatchEtl;`],
      ['.NET', `dotnet add package ${dotnet.packageId}`, `using ${dotnet.namespace};`],
      ['Go', `go get ${go.moduleName}/${goPackage}`, `import "${go.moduleName}/${goPackage}"`],
    ];
    return { header: ['language', 'install', 'import'], rows: rows.map(([language, ...codes]) => [language, ...codes.map((code) => `\`${code}\``)]) };
  },
};

function readPackage(): Package {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
}

export const INSTALLATION_TABLES: readonly DocTable[] = [NEEDED, LANGUAGES];
