export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Steps aside that are smaller than this, in pixels, are no way round anything. */
const JOG = 5;

/** Without small steps aside: what comes before one moves over to where it leads. */
export function straightened(points: readonly Point[]): Point[] {
  const line = [...points];
  for (let i = 0; i + 3 < line.length; i++) {
    const [a, b, c] = line.slice(i);
    const isJog = Math.abs(b.x - c.x) + Math.abs(b.y - c.y) < JOG;
    if (!isJog) continue;
    const moved = a.x === b.x ? { ...a, x: c.x } : { ...a, y: c.y };
    line.splice(i, 3, moved);
    i = -1;
  }
  return line;
}
