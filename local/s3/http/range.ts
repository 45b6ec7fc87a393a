import { S3Errors } from '../errors';

/** Start and end (exclusive) of a `Range` header of one range; undefined for none, or for a form that HTTP says to ignore. */
export function byteRange(header: string | undefined, size: number): readonly [number, number] | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  if (start >= size) throw S3Errors.invalidRange();
  return [start, end];
}

/** The header `Content-Range` of such a range. */
export function contentRange([start, end]: readonly [number, number], size: number): string {
  return `bytes ${start}-${end - 1}/${size}`;
}
