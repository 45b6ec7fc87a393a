import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../projenrc/tools/repository';

interface Task {
  readonly steps?: readonly { readonly exec?: string; readonly execArgs?: readonly string[]; readonly spawn?: string }[];
}

const { tasks }: { readonly tasks: Readonly<Record<string, Task>> } = JSON.parse(readFileSync(join(ROOT, '.projen/tasks.json'), 'utf8'));

/** All commands of a task and of the tasks that it spawns. */
function commandsOf(name: string): string[] {
  return (tasks[name].steps ?? []).flatMap(({ exec, execArgs, spawn }) => (
    spawn === undefined ? [exec ?? execArgs?.join(' ') ?? ''].filter((command) => command !== '') : commandsOf(spawn)));
}

test('a build does not depend on the audit endpoint of a registry', () => {
  expect(commandsOf('build').length).toBeGreaterThan(3);
  expect(commandsOf('build').filter((command) => command.includes('audit'))).toEqual([]);
});

test('the audit is a task of its own', () => {
  expect(commandsOf('audit').filter((command) => command.includes('npm audit'))).toHaveLength(1);
});
