/** A text in JSON, which is passed over, or a number. */
const TEXT_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** Whole numbers with fewer digits are always exact. */
const LONG = /^-?\d{16,}$/;

/** Whether some whole number in the JSON becomes another one when JavaScript parses it, or a number none at all; fractions are rounded by everybody. */
export function losesNumbers(json: string): boolean {
  for (const [token] of json.matchAll(TEXT_OR_NUMBER)) {
    if (!token.startsWith('"') && isLost(token)) return true;
  }
  return false;
}

function isLost(digits: string): boolean {
  const number = Number(digits);
  if (!Number.isFinite(number)) return true;
  return LONG.test(digits) && BigInt(number) !== BigInt(digits);
}
