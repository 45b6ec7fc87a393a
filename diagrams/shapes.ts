import { DiagramNode } from './graph';
import { Box } from './layout';

type ShapeOf = (box: Box) => string;

const rect = (radius: number, classes: string): ShapeOf => ({ x, y, width, height }) => (
  `<rect class="${classes}" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${radius}"/>`);

const inset = ({ x, y, width, height }: Box, by: number): Box => ({ x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by });

/** An octagon, flat where arrows come in. */
const chamfered: ShapeOf = ({ x, y, width: w, height: h }) => {
  const cut = 9;
  return `<path class="box choice" d="M${n(x + cut)} ${n(y)}h${n(w - 2 * cut)}l${cut} ${cut}v${n(h - 2 * cut)}l-${cut} ${cut}h${n(2 * cut - w)}l-${cut}-${cut}v${n(2 * cut - h)}z"/>`;
};

/** A parallelogram, which stands for data since there are flow charts. */
const slanted: ShapeOf = ({ x, y, width: w, height: h }) => {
  const slant = 8;
  return `<path class="box pass" d="M${n(x + slant)} ${n(y)}h${n(w - slant)}l-${slant} ${n(h)}h${n(slant - w)}z"/>`;
};

const doubled: ShapeOf = (box) => rect(0, 'box fail')(box) + rect(0, 'box fail inner')(inset(box, 3));

const dot = (radius: number): ShapeOf => ({ x, y, width, height }) => `<circle class="dot" cx="${n(x + width / 2)}" cy="${n(y + height / 2)}" r="${radius}"/>`;

const ringed: ShapeOf = (box) => {
  const { x, y, width, height } = box;
  return `${dot(3.5)(box)}<circle class="ring" cx="${n(x + width / 2)}" cy="${n(y + height / 2)}" r="6.5"/>`;
};

const SHAPES: Readonly<Record<DiagramNode['kind'], ShapeOf>> = {
  Start: dot(6),
  End: ringed,
  Task: rect(5, 'box task'),
  Choice: chamfered,
  Wait: (box) => rect(box.height / 2, 'box wait')(box),
  Pass: slanted,
  Fail: doubled,
  Map: rect(5, 'box task'),
  Outside: rect(0, 'box outside'),
  Frame: rect(8, 'frame'),
};

export function shapeOf(kind: DiagramNode['kind'], box: Box): string {
  return SHAPES[kind](box);
}

/** A number of at most one decimal. */
export function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
