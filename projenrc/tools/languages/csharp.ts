import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { found, ROOT, runAsync } from '../repository';

/** C# has no example: its sources are made, and compiled where there is an SDK of .NET. Answers what was done. */
export async function checkCsharp(packages: string): Promise<string> {
  await runAsync(join(ROOT, 'node_modules/.bin/jsii-pacmak'), ['--code-only', '--force', '--targets', 'dotnet', '--outdir', packages]);
  const [project] = readdirSync(join(packages, 'dotnet'));
  if (project === undefined) throw new Error('jsii-pacmak wrote no project for C#');
  if (!found('dotnet')) return 'generated; not compiled, for there is no dotnet here';
  await runAsync('dotnet', ['build', '--nologo'], { cwd: join(packages, 'dotnet', project) });
  return 'generated and compiled';
}
