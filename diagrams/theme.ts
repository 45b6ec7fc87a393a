type Colour = `#${string}`;

const SHAPES = ['task', 'choice', 'wait', 'pass', 'fail', 'outside'] as const;

export interface Theme extends Readonly<Record<typeof SHAPES[number], readonly [fill: Colour, stroke: Colour]>> {
  readonly ground: Colour;
  readonly rim: Colour;
  readonly frame: Colour;
  readonly ink: Colour;
  /** Of details, of words on arrows, and of what is quiet. */
  readonly pale: Colour;
  readonly line: Colour;
  readonly paleline: Colour;
}

/** Colours of GitHub's pages. A picture has a ground of its own, so that it can be read on a page of any colour. */
export const THEMES: Readonly<Record<'light' | 'dark', Theme>> = {
  light: {
    ground: '#ffffff',
    rim: '#d1d9e0',
    ink: '#1f2328',
    pale: '#59636e',
    line: '#59636e',
    paleline: '#afb8c1',
    frame: '#f6f8fa',
    task: ['#ddf4ff', '#0969da'],
    choice: ['#fff8c5', '#9a6700'],
    wait: ['#fbefff', '#8250df'],
    pass: ['#eff2f5', '#818b98'],
    fail: ['#ffebe9', '#cf222e'],
    outside: ['#ffffff', '#59636e'],
  },
  dark: {
    ground: '#0d1117',
    rim: '#3d444d',
    ink: '#f0f6fc',
    pale: '#9198a1',
    line: '#9198a1',
    paleline: '#59636e',
    frame: '#151b23',
    task: ['#0b2a63', '#4493f8'],
    choice: ['#3b2a07', '#d29922'],
    wait: ['#2f1e58', '#ab7df8'],
    pass: ['#262c36', '#9198a1'],
    fail: ['#4a1418', '#f85149'],
    outside: ['#0d1117', '#9198a1'],
  },
};

/** Metric-compatible on Windows, macOS and Linux. */
const FONT = "Arial,Helvetica,'Liberation Sans',Arimo,sans-serif";

function coloursOf(theme: Theme): string {
  return [
    `.ground,.gap{fill:${theme.ground}}.ground{stroke:${theme.rim}}.gap.in{fill:${theme.frame}}`,
    `text{fill:${theme.ink}}.detail,.words,.quiet text,text.quiet{fill:${theme.pale}}`,
    `.edge{stroke:${theme.line}}.edge.quiet{stroke:${theme.paleline}}.tip{fill:${theme.line}}.tip.quiet{fill:${theme.paleline}}`,
    `.dot{fill:${theme.ink}}.ring{stroke:${theme.ink}}.frame{fill:${theme.frame};stroke:${theme.paleline}}`,
    ...SHAPES.map((shape) => `.${shape}{fill:${theme[shape][0]};stroke:${theme[shape][1]}}`),
    `.quiet .box{fill:${theme.ground}}`,
    `.quiet .dot{fill:${theme.pale}}.quiet .ring{stroke:${theme.pale}}`,
  ].join('');
}

export const STYLE = [
  `text{font-family:${FONT};font-size:13px;text-anchor:middle}.detail,.words{font-size:11px}`,
  '.box{stroke-width:1.5}.quiet .box{stroke-width:1}.edge{fill:none;stroke-width:1.5}.edge.quiet{stroke-width:1.2}',
  '.catch{stroke-dasharray:5 3}.ring{fill:none;stroke-width:1.5}.gap.task{stroke:none}',
  coloursOf(THEMES.light),
  `@media(prefers-color-scheme:dark){${coloursOf(THEMES.dark)}}`,
].join('');
