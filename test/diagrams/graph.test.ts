import { etlMachines, ProcessorName, queryMachine } from '../../diagrams/definitions';
import { DiagramGraph, graphOf } from '../../diagrams/graph';
import { withQuietSides } from '../../diagrams/main-path';
import { overviewOf } from '../../diagrams/overview';
import { drawnMachines, pictures } from '../../diagrams/pictures';
import { PageTransport, RunContinuation } from '../../src';
import { AslGraph, AslMachine } from '../../src/private/synth/asl';

const PROCESSORS: readonly ProcessorName[] = ['perBatch', 'perItem', 'stateMachine'];

/** Every machine that a choice of processor or continuation leads to. */
function everyMachine(): [name: string, machine: AslMachine][] {
  const continuations = { supervised: RunContinuation.supervised(), selfRestart: RunContinuation.selfRestart() };
  const ofRuns = Object.entries(continuations).flatMap(([continuation, made]) => PROCESSORS.flatMap((processor) => (
    Object.entries(etlMachines(processor, made)).map(([id, machine]): [string, AslMachine] => [`${id}, ${continuation}, ${processor}`, machine]))));
  const throughS3 = PROCESSORS.map((processor): [string, AslMachine] => (
    [`Segment, pages through S3, ${processor}`, etlMachines(processor, undefined, PageTransport.s3({ deletePages: true })).Segment]));
  return [['query', queryMachine()], ...ofRuns, ...throughS3];
}

/** The states of all Maps, however deep. */
function innerStates({ States }: AslGraph): AslGraph['States'][] {
  return Object.values(States).flatMap((state) => (state.Type === 'Map' ? [state.ItemProcessor.States, ...innerStates(state.ItemProcessor)] : []));
}

/** Of an object or a list. */
function membersOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** States and transitions as they stand in the JSON, whatever the types of the library say. */
function inDefinition(definition: unknown): { states: string[]; transitions: string[] } {
  const states: string[] = [];
  const transitions: string[] = [];
  const visit = (value: unknown, state: string | undefined): void => {
    for (const [key, member] of membersOf(value)) {
      if ((key === 'Next' || key === 'Default') && state !== undefined) transitions.push(`${state} -> ${String(member)}`);
      if (key === 'States') states.push(...membersOf(member).map(([name]) => name));
      if (key === 'States') membersOf(member).forEach(([name, inner]) => visit(inner, name));
      else visit(member, state);
    }
  };
  visit(definition, undefined);
  return { states: states.sort(), transitions: transitions.sort() };
}

const isDot = (id: string) => id.startsWith('/');

function inGraph({ nodes, edges }: DiagramGraph): { states: string[]; transitions: string[] } {
  return {
    states: nodes.map(({ id }) => id).filter((id) => !isDot(id)).sort(),
    transitions: edges.filter(({ from, to }) => !isDot(from) && !isDot(to)).map(({ from, to }) => `${from} -> ${to}`).sort(),
  };
}

const titles = ({ nodes }: DiagramGraph) => nodes.filter(({ title }) => title !== '').map(({ title }) => title);

describe('the graph of a machine', () => {
  test.each(everyMachine())('has every state and every transition: %s', (_, machine) => {
    expect(inGraph(graphOf(machine))).toEqual(inDefinition(machine));
  });

  test.each(everyMachine())('begins where the machine does, and ends after every state that ends it: %s', (_, machine) => {
    const { edges } = graphOf(machine);
    // Where all that is in a Map is a single state, its end is not drawn.
    const inner = innerStates(machine);
    const all = [machine.States, ...inner.filter((states) => Object.keys(states).length > 1)].flatMap((states) => Object.entries(states));
    const ends = all.filter(([, state]) => 'End' in state && state.End === true).map(([name]) => name);
    expect(edges.filter(({ from }) => from === '/start').map(({ to }) => to)).toEqual([machine.StartAt]);
    expect(edges.filter(({ to }) => to.startsWith('/end')).map(({ from }) => from).sort()).toEqual(ends.sort());
  });

  test.each(everyMachine())('says when each rule, each default and each catch applies: %s', (_, machine) => {
    const { edges } = graphOf(machine);
    expect(edges.filter(({ kind, words }) => kind !== 'next' && !/^[a-z_]/.test(words))).toEqual([]);
    // Two rules of a Choice that say the same would leave a reader with a guess.
    const said = edges.filter(({ kind }) => kind === 'rule' || kind === 'default').map(({ from, words }) => `${from}: ${words}`);
    expect(new Set(said).size).toBe(said.length);
  });

  test('is drawn for every machine whose states or transitions are its own', () => {
    const drawn = drawnMachines().map(({ machine }) => JSON.stringify(inDefinition(machine)));
    expect(everyMachine().filter(([, machine]) => !drawn.includes(JSON.stringify(inDefinition(machine)))).map(([name]) => name)).toEqual([]);
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});

describe('the main path', () => {
  const main = (machine: AslMachine) => titles({ nodes: withQuietSides(graphOf(machine)).nodes.filter(({ quiet }) => !quiet), edges: [] });

  test('has no failure, nothing that only an outage or a redrive leads to, and no query that is stopped', () => {
    const { Workflow, Segment, Items } = etlMachines('perItem');
    expect(main(queryMachine())).toEqual(['Start Query', 'Wait', 'Get Query', 'Is Query Finished', 'Deliver Result']);
    expect(main(Workflow)).toEqual(['Check Input', 'Start Run', 'Resume Run', 'Run Segment', 'Check For More Data', 'Success']);
    expect(main(Segment)).toEqual(['Start Segment', 'Read Page', 'Process Page', 'Check For More Data', 'Segment Done']);
    expect(main(Items)).toEqual(['Process Items', 'Process Item']);
    expect(main(etlMachines('perBatch', undefined, PageTransport.s3()).Segment)).toEqual([
      'Start Segment', 'Read Page', 'Process Page', 'Process Batches', 'Read Batch', 'Process Batch', 'Check Answer', 'Batch Done', 'Check For More Data', 'Segment Done',
    ]);
  });

  // The machine of the items has nothing else.
  test.each(everyMachine().filter(([name]) => !name.startsWith('Items')))('is the whole of no machine, and what leaves it is quiet: %s', (_, machine) => {
    const { nodes, edges } = withQuietSides(graphOf(machine));
    const quiet = new Set(nodes.filter((node) => node.quiet).map(({ id }) => id));
    expect(quiet.size).toBeGreaterThan(0);
    expect(edges.filter((edge) => edge.quiet !== (edge.kind === 'catch' || quiet.has(edge.from) || quiet.has(edge.to)))).toEqual([]);
  });
});

describe('a picture at a glance', () => {
  const wordsBetween = ({ edges }: DiagramGraph) => edges.map(({ from, to, words }) => [from, to, words].join(' | '));

  test('leaves out what only reshapes data, and choices that are none on the main path', () => {
    const { Workflow, Segment } = etlMachines('perBatch');
    expect(wordsBetween(overviewOf(graphOf(Workflow))).sort()).toEqual([
      '/start | Run Segment | ',
      'Check For More Data | /end/Success | no page is left',
      'Check For More Data | Run Segment | pages are left',
      'Run Segment | Check For More Data | ',
    ]);
    expect(titles(overviewOf(graphOf(Segment)))).toEqual(['Read Page', 'Process Page', 'Check For More Data']);
  });

  test.each(['async-athena-query-api', 'paged-batch-etl'])('leads from its first node to its last without a gap: %s', (name) => {
    const graph = pictures().find((picture) => picture.name === name)?.graph;
    if (graph === undefined) throw new Error(`no picture ${name}`);
    const isFrame = new Set(graph.nodes.flatMap(({ parent }) => (parent === undefined ? [] : [parent])));
    const joined = new Set(graph.edges.flatMap(({ from, to }) => [from, to]));
    expect(graph.nodes.filter(({ id }) => !joined.has(id) && !isFrame.has(id))).toEqual([]);
    expect(graph.edges.filter(({ from, to }) => [from, to].some((id) => !graph.nodes.some((node) => node.id === id)))).toEqual([]);
  });
});
