import { GROUP_NAMES, readArguments } from '../../../examples/demo/demo-arguments';

test('without arguments everything is played', () => {
  expect(readArguments([])).toEqual({ groups: [...GROUP_NAMES], items: undefined, keep: false });
});

test('scenes are chosen by name, once each and in the order of the demo', () => {
  expect(readArguments(['etl', 'athena', 'etl'])).toMatchObject({ groups: ['athena', 'etl'] });
  expect(readArguments(['athena', '--keep'])).toMatchObject({ groups: ['athena'], keep: true });
});

test('the number of documents goes with the scenes that have documents', () => {
  expect(readArguments(['etl', '--items', '3000'])).toMatchObject({ groups: ['etl'], items: 3000 });
  expect(readArguments(['--items', '3000'])).toMatchObject({ items: 3000 });
  expect(readArguments(['athena', '--items', '3000'])).toEqual({ problem: '--items is for the scenes called etl' });
});

test.each(['1', '3000000'])('%p is a number of documents', (items) => {
  expect(readArguments(['etl', `--items=${items}`])).toMatchObject({ items: Number(items) });
});

test.each(['0', '-1', '1.5', '1e3', 'many', '', '3000001'])('%p is no number of documents', (items) => {
  expect(readArguments(['etl', `--items=${items}`])).toEqual({ problem: '--items takes a whole number of documents, from 1 to 3,000,000' });
});

test.each([
  [['glue'], 'glue'],
  [['etl', '--faster'], '--faster'],
  [['--items'], '--items'],
])('%p is refused, and named', (commandLine, name) => {
  expect(readArguments(commandLine)).toEqual({ problem: expect.stringContaining(name) });
});
