const TWO_TO_32 = 4_294_967_296;

/** Rounded where it has more than 53 bits. */
export function int64At(source: Buffer, at: number): number {
  return source.readInt32LE(at + 4) * TWO_TO_32 + source.readUInt32LE(at);
}
