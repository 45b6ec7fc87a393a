import { viewOf } from './stored-value';

const TWO_TO_32 = 4_294_967_296;

export function int32At(source: Uint8Array, at: number): number {
  return source[at] | (source[at + 1] << 8) | (source[at + 2] << 16) | (source[at + 3] << 24);
}

export function uint32At(source: Uint8Array, at: number): number {
  return int32At(source, at) >>> 0;
}

/** Rounded where it has more than 53 bits. */
export function int64At(source: Uint8Array, at: number): number {
  return int32At(source, at + 4) * TWO_TO_32 + uint32At(source, at);
}

export function doubleAt(source: Uint8Array, at: number): number {
  return viewOf(source).readDoubleLE(at);
}
