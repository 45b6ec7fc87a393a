import { execFileSync } from 'node:child_process';

/** Why there is no `python3` that has these modules. Where it must be there, as in check:languages, it is a fault. */
export function whyNoPython(...modules: readonly string[]): string | undefined {
  try {
    execFileSync('python3', ['-c', `import ${modules.join(', ')}`], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    if (process.env.REQUIRE_PYTHON !== undefined) throw error;
    return `python3 with ${modules.join(', ')} is not here`;
  }
}
