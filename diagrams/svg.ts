import { Point } from './arrows';
import { DiagramNode } from './graph';
import { Box, Layout, PlacedEdge, PlacedNode } from './layout';
import { LINE, textHeight } from './node-text';
import { n, shapeOf } from './shapes';
import { Measure, SMALL, TITLE } from './text';
import { STYLE } from './theme';

export interface Caption {
  readonly title: string;
  /** The same picture in words. */
  readonly description: string;
}

/** Radius of the bends of arrows. */
const BEND = 6;

/** Length of an arrow's tip. */
const TIP = 7;

export function svgOf({ width, height, nodes, edges }: Layout, { title, description }: Caption, measure: Measure): string {
  const line = (text: string, size: number, x: number, y: number, classes = '') => (
    `<text x="${n(x)}" y="${n(y)}"${classes} textLength="${measure(text, size)}" lengthAdjust="spacingAndGlyphs">${escape(text)}</text>`);
  const frames = nodes.filter(({ isContainer }) => isContainer);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escape(title)}</title>`,
    `<desc id="desc">${escape(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    ...frames.map((placed) => nodeOf(placed, line)),
    ...edges.map(arrowOf),
    ...nodes.filter(({ isContainer }) => !isContainer).map((placed) => nodeOf(placed, line)),
    ...edges.flatMap((edge) => labelOf(edge, frames, line)),
    '</svg>',
    '',
  ].join('\n');
}

type Line = (text: string, size: number, x: number, y: number, classes?: string) => string;

function nodeOf(placed: PlacedNode, line: Line): string {
  const { node, text, x, y, width, height, isContainer } = placed;
  const centre = x + width / 2;
  const top = isContainer ? y + 8 : y + (height - textHeight(text)) / 2;
  const middle = top + text.title.length * LINE.title;
  const texts = [
    ...text.title.map((words, index) => line(words, TITLE, centre, top + 12.5 + index * LINE.title)),
    ...text.detail.map((words, index) => line(words, SMALL, centre, middle + 10.5 + index * LINE.small, ' class="detail"')),
  ];
  return `<g${node.quiet ? ' class="quiet"' : ''}>${shapeOf(node.kind, placed)}${texts.join('')}</g>`;
}

function arrowOf({ edge, points }: PlacedEdge): string {
  const quiet = edge.quiet ? ' quiet' : '';
  const end = points[points.length - 1];
  const before = points[points.length - 2];
  const [dx, dy] = [Math.sign(end.x - before.x), Math.sign(end.y - before.y)];
  const base = { x: end.x - dx * TIP, y: end.y - dy * TIP };
  const half = TIP / 2;
  const tip = `M${at(end)}L${at({ x: base.x - dy * half, y: base.y + dx * half })} ${at({ x: base.x + dy * half, y: base.y - dx * half })}z`;
  return `<path class="edge${quiet}${edge.kind === 'catch' ? ' catch' : ''}" d="${curve([...points.slice(0, -1), base])}"/><path class="tip${quiet}" d="${tip}"/>`;
}

/** A line with round bends. */
function curve(points: readonly Point[]): string {
  const bends = points.slice(1, -1).map((corner, index) => {
    const [before, after] = [points[index], points[index + 2]];
    const radius = Math.min(BEND, distance(before, corner) / 2, distance(corner, after) / 2);
    return `L${at(towards(corner, before, radius))}Q${at(corner)} ${at(towards(corner, after, radius))}`;
  });
  return `M${at(points[0])}${bends.join('')}L${at(points[points.length - 1])}`;
}

function labelOf({ edge, label }: PlacedEdge, frames: readonly PlacedNode[], line: Line): string[] {
  if (label === undefined) return [];
  const { x, y, width, height, lines } = label;
  const around = frames.filter((frame) => isWithin(label, frame)).at(-1);
  const ground = around === undefined ? 'gap' : `gap ${classOf(around.node)}`;
  const classes = ` class="words${edge.quiet ? ' quiet' : ''}"`;
  return [
    `<rect class="${ground}" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"/>`
    + lines.map((text, index) => line(text, SMALL, x + width / 2, y + 12.5 + index * LINE.small, classes)).join(''),
  ];
}

function isWithin(inner: Box, outer: Box): boolean {
  const [right, bottom] = [outer.x + outer.width, outer.y + outer.height];
  return outer.x <= inner.x && inner.x + inner.width <= right && outer.y <= inner.y && inner.y + inner.height <= bottom;
}

function classOf({ kind }: DiagramNode): string {
  return kind === 'Frame' ? 'in' : 'task';
}

const at = ({ x, y }: Point) => `${n(x)} ${n(y)}`;

const distance = (a: Point, b: Point) => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

/** The point so far away from one on the way to another, on a horizontal or vertical line. */
function towards(from: Point, to: Point, by: number): Point {
  return { x: from.x + Math.sign(to.x - from.x) * by, y: from.y + Math.sign(to.y - from.y) * by };
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
