import { parseArgs, types } from 'node:util';
import { formatted } from './terminal';
import { FLIGHTS_COUNT } from './vega-data';

export const GROUP_NAMES = ['athena', 'etl'] as const;

export type GroupName = typeof GROUP_NAMES[number];

export const USAGE = `usage: npm run demo -- [${GROUP_NAMES.join('] [')}] [--items <least number of documents, for etl>] [--keep]`;

export interface DemoArguments {
  /** What to play, in this order. */
  readonly groups: readonly GroupName[];
  readonly items?: number;
  readonly keep: boolean;
}

/** What the command line asks for, or what is wrong with it. */
export function readArguments(commandLine: readonly string[]): DemoArguments | { readonly problem: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...commandLine],
      options: { keep: { type: 'boolean', default: false }, items: { type: 'string' } },
      allowPositionals: true,
    });
    return { groups: groupsOf(positionals), items: itemsOf(values.items, positionals), keep: values.keep };
  } catch (error) {
    if (types.isNativeError(error) && error.name === 'TypeError') return { problem: error.message };
    throw error;
  }
}

function groupsOf(names: readonly string[]): readonly GroupName[] {
  const unknown = names.filter((name) => !GROUP_NAMES.some((group) => group === name));
  if (unknown.length > 0) throw new TypeError(`There are no scenes called ${unknown.join(', ')}`);
  return names.length === 0 ? GROUP_NAMES : GROUP_NAMES.filter((group) => names.includes(group));
}

function itemsOf(text: string | undefined, names: readonly string[]): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(text) || Number(text) > FLIGHTS_COUNT) {
    throw new TypeError(`--items takes a whole number of documents, from 1 to ${formatted(FLIGHTS_COUNT)}`);
  }
  if (names.length > 0 && !names.includes('etl')) throw new TypeError('--items is for the scenes called etl');
  return Number(text);
}
