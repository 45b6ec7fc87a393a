import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { draw } from '../../diagrams/draw';
import { layOut, Box, Layout } from '../../diagrams/layout';
import { NodeText } from '../../diagrams/node-text';
import { pictures } from '../../diagrams/pictures';
import { measureArial, SMALL, TITLE } from '../../diagrams/text';
import { ROOT } from '../../projenrc/tools/repository';

const FOLDER = join(ROOT, 'docs', 'diagrams');
const PICTURES = pictures().map((picture) => [picture.name, picture] as const);
const NAMES = PICTURES.map(([name]) => name);
const measure = measureArial();

describe('the pictures', () => {
  let drawn: Readonly<Record<string, string>>;
  beforeAll(async () => {
    drawn = Object.fromEntries(await draw());
  });

  test('are the same each time, and those in docs/diagrams', async () => {
    expect(Object.fromEntries(await draw())).toEqual(drawn);
    const committed = Object.fromEntries(readdirSync(FOLDER).map((file) => [file, readFileSync(join(FOLDER, file), 'utf8')]));
    expect(Object.keys(committed).sort()).toEqual(Object.keys(drawn).sort());
    // Run `npx projen docgen:diagrams` after a change.
    expect(Object.keys(drawn).filter((file) => committed[file] !== drawn[file])).toEqual([]);
  });

  test.each(readdirSync(FOLDER))('are small, well-formed and told in words: %s', (file) => {
    const svg = readFileSync(join(FOLDER, file), 'utf8');
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(Buffer.byteLength(svg)).toBeLessThan(30_000);
    const { svg: { title, desc, style } } = new XMLParser().parse(svg);
    expect(title).toMatch(/PagedBatchEtl|AsyncAthenaQueryApi|ItemProcessor/);
    expect(desc).toMatch(/: then .*\.$/);
    expect(style).toContain('@media(prefers-color-scheme:dark)');
    // An SVG in an img loads nothing: what it needs must be in it.
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|href|<script|@import|url\(/);
  });

  test.each(PICTURES)('show every state and all its words: %s', (name, { graph }) => {
    const shown = [...drawn[`${name}.svg`].matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text).join(' ');
    for (const { title, detail = '' } of graph.nodes) [title, detail].forEach((text) => expect(shown).toContain(text));
    for (const { words } of graph.edges) expect(shown).toContain(words);
  });
});

describe('the pages', () => {
  const imagesOf = (page: string) => [...readFileSync(join(ROOT, page), 'utf8').matchAll(/!\[([^\]]*)\]\(([^)]*\.svg)\)/g)].map(([, alt, to]) => ({ alt, to }));

  test('show every picture, and say in words what it shows', () => {
    const images = imagesOf('docs/state-machines.md');
    expect(images.map(({ to }) => to).sort()).toEqual(NAMES.map((name) => `diagrams/${name}.svg`).sort());
    expect(images.filter(({ alt }) => alt.length < 40)).toEqual([]);
  });

  test('that npm and PyPI show too name pictures by their address', () => {
    const { repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const raw = String(repository.url).replace('https://github.com/', 'https://raw.githubusercontent.com/').replace(/\.git$/, '/main/docs/diagrams/');
    const overviews = ['async-athena-query-api', 'paged-batch-etl'].map((name) => `${raw}${name}.svg`);
    expect(imagesOf('README.md').map(({ to }) => to)).toEqual(overviews);
    expect(NAMES.filter((name) => overviews.includes(`${raw}${name}.svg`))).toHaveLength(overviews.length);
  });
});

describe('the layout', () => {
  interface Named extends Box {
    readonly name: string;
  }

  const boxesOf = ({ nodes }: Layout): Named[] => (
    nodes.filter(({ isContainer }) => !isContainer).map(({ node, ...box }) => ({ ...box, name: node.id })));

  const layouts = new Map<string, Layout>();
  beforeAll(async () => {
    for (const [name, { graph, direction }] of PICTURES) layouts.set(name, await layOut(graph, direction, measure));
  });
  const layoutOf = (name: string): Layout => {
    const layout = layouts.get(name);
    if (layout === undefined) throw new Error(`no layout of ${name}`);
    return layout;
  };

  const labelsOf = ({ edges }: Layout): Named[] => edges.flatMap(({ edge, label }) => (
    label === undefined ? [] : [{ ...label, name: `${edge.from} to ${edge.to}` }]));

  /** Arrows as thin boxes. */
  const segmentsOf = ({ edges }: Layout): Named[] => edges.flatMap(({ edge, points }) => points.slice(1).map((to, index) => {
    const from = points[index];
    return {
      name: `${edge.from} to ${edge.to}`,
      x: Math.min(from.x, to.x),
      y: Math.min(from.y, to.y),
      width: Math.abs(from.x - to.x),
      height: Math.abs(from.y - to.y),
    };
  }));

  /** Boxes that only touch do not overlap. */
  const overlap = (a: Box, b: Box) => (
    a.x < b.x + b.width - 0.5 && b.x < a.x + a.width - 0.5 && a.y < b.y + b.height - 0.5 && b.y < a.y + a.height - 0.5);

  const widthOf = ({ title, detail }: NodeText) => (
    Math.max(0, ...title.map((line) => measure(line, TITLE)), ...detail.map((line) => measure(line, SMALL))));

  test.each(NAMES)('has nothing on top of anything, and no arrow through a state or the words of another: %s', (name) => {
    const layout = layoutOf(name);
    const things = [...boxesOf(layout), ...labelsOf(layout)];
    const onTop = things.flatMap((one, index) => things.slice(index + 1).filter((other) => overlap(one, other))
      .map((other) => `${one.name} on ${other.name}`));
    const through = segmentsOf(layout).flatMap((arrow) => things.filter((thing) => thing.name !== arrow.name).filter((thing) => overlap(arrow, thing))
      .map((thing) => `${arrow.name} through ${thing.name}`));
    expect([...onTop, ...through]).toEqual([]);
  });

  test.each(NAMES)('has room for every text, and lies within the picture: %s', (name) => {
    const layout = layoutOf(name);
    const { width, height } = layout;
    const isOutside = (box: Box) => box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height;
    expect([...layout.nodes, ...labelsOf(layout), ...segmentsOf(layout)].filter(isOutside)).toEqual([]);
    expect(layout.nodes.filter((placed) => widthOf(placed.text) > placed.width - 8 && placed.node.title !== '')).toEqual([]);
    // All of a page's width on GitHub, or somewhat more.
    expect(width).toBeLessThan(1_200);
  });

  test.each(NAMES)('has arrows of horizontal and vertical lines that begin and end at a state: %s', (name) => {
    const layout = layoutOf(name);
    const touches = (id: string, { x, y }: { x: number; y: number }) => layout.nodes.some((box) => box.node.id === id
      && x >= box.x - 0.5 && x <= box.x + box.width + 0.5 && y >= box.y - 0.5 && y <= box.y + box.height + 0.5);
    expect(segmentsOf(layout).filter((segment) => segment.width > 0.01 && segment.height > 0.01)).toEqual([]);
    const loose = layout.edges.filter(({ edge, points }) => !touches(edge.from, points[0]) || !touches(edge.to, points[points.length - 1]));
    expect(loose).toEqual([]);
  });
});
