import { describe } from './describe';
import { layOut } from './layout';
import { Picture, pictures } from './pictures';
import { svgOf } from './svg';
import { measureArial } from './text';

/** File names to SVG. */
export async function draw(all: readonly Picture[] = pictures()): Promise<ReadonlyMap<string, string>> {
  const measure = measureArial();
  const drawn = new Map<string, string>();
  for (const { name, title, direction, graph } of all) {
    drawn.set(`${name}.svg`, svgOf(await layOut(graph, direction, measure), { title, description: describe(graph) }, measure));
  }
  return drawn;
}
