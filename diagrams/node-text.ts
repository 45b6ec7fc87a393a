import { DiagramNode } from './graph';
import { Measure, SMALL, TITLE, wrap } from './text';

/** Where a picture leads to. */
export type Direction = 'DOWN' | 'RIGHT';

export interface NodeText {
  readonly title: readonly string[];
  readonly detail: readonly string[];
}

/** Heights of lines, in pixels. */
export const LINE = { title: 16, small: 14 } as const;

/** Diameter of the dots. */
const DOT = 14;

/** Room at both sides of the text in a node. */
const PADDING = 12;

/** Widths at which text is broken, in pixels. A picture that goes to the right has a page's width for all of it. */
const WIDEST = { DOWN: { title: 170, label: 118 }, RIGHT: { title: 90, label: 70 } } as const;

/** Breaks text into lines, and says how much room it takes. */
export class TextWriter {
  constructor(private readonly direction: Direction, private readonly measure: Measure) {}

  public label(words: string): string[] {
    return words.split('\n').flatMap((line, index, all) => (
      wrap(index < all.length - 1 ? `${line};` : line, SMALL, WIDEST[this.direction].label, this.measure)));
  }

  public sizeOfLabel(words: string): { width: number; height: number } {
    const lines = this.label(words);
    return { width: this.widest(lines, SMALL) + 6, height: lines.length * LINE.small + 4 };
  }

  public node({ kind, title, detail }: DiagramNode): NodeText {
    const widest = kind === 'Frame' ? Infinity : WIDEST[this.direction].title;
    return {
      title: title === '' ? [] : wrap(title, TITLE, widest, this.measure),
      detail: detail === undefined ? [] : wrap(detail, SMALL, widest, this.measure),
    };
  }

  public sizeOfNode(node: DiagramNode): { width: number; height: number } {
    if (node.kind === 'Start' || node.kind === 'End') return { width: DOT, height: DOT };
    const { title, detail } = this.node(node);
    return { width: Math.max(this.widest(title, TITLE), this.widest(detail, SMALL)) + 2 * PADDING, height: 16 + textHeight({ title, detail }) };
  }

  private widest(lines: readonly string[], size: number): number {
    return Math.max(0, ...lines.map((line) => this.measure(line, size)));
  }
}

export function textHeight({ title, detail }: NodeText): number {
  return title.length * LINE.title + detail.length * LINE.small;
}
