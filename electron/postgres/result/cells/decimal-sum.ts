/** Adding decimal texts without losing a digit, and the average as PostgreSQL's numeric gives it. */

/** Sums are kept in doubles as whole numbers while they stay below this, exactly. */
const exactDouble = 2 ** 52;
/** Digits are added in groups of so many. */
const groupDigits = 15;
/** The scales that have a double: from -64 to 191. */
const lowestScale = -64;

export class DecimalSum {
  count = 0;
  /** Digits after the point of the value that has most. */
  #scale = 0;
  /** By scale, from `lowestScale` on: whole numbers not yet in `#whole`. */
  readonly #small = new Float64Array(256);
  readonly #whole = new Map<number, bigint>();
  #special: 'NaN' | 'Infinity' | '-Infinity' | null = null;

  /** Takes one number's text. False where it is none. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    const negative = bytes[start] === 0x2d;
    const from = negative ? start + 1 : start;
    let point = from;
    while (point < end && bytes[point] !== 0x2e) point++;
    const scale = Math.max(0, end - point - 1);
    if (end === from || point - from > groupDigits - lowestScale || scale > 180 || !isPlain(bytes, from, point, end))
      return this.#addLong(Buffer.from(bytes.subarray(start, end)).toString('latin1'));
    let [group, size] = [0, 0];
    for (let at = from; at < end; at++) {
      if (at === point) continue;
      group = group * 10 + (bytes[at] as number) - 0x30;
      if (++size < groupDigits && at < end - 1) continue;
      // What stands behind this digit: decimals count up, whole digits down.
      if (group > 0) this.#addSmall(negative ? -group : group, at < point ? at + 1 - point : at - point);
      [group, size] = [0, 0];
    }
    this.count++;
    if (scale > this.#scale) this.#scale = scale;
    return true;
  }

  /** `value` / 10^scale. */
  #addSmall(value: number, scale: number): void {
    const place = scale - lowestScale;
    const sum = (this.#small[place] as number) + value;
    if (sum > -exactDouble && sum < exactDouble) {
      this.#small[place] = sum;
      return;
    }
    this.#addWhole(scale, BigInt(this.#small[place] as number) + BigInt(value));
    this.#small[place] = 0;
  }

  #addWhole(scale: number, value: bigint): void {
    this.#whole.set(scale, (this.#whole.get(scale) ?? 0n) + value);
  }

  #addLong(text: string): boolean {
    if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') {
      this.count++;
      this.#special = this.#special === null || this.#special === text ? text : 'NaN';
      return true;
    }
    const match = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,6}))?$/.exec(text);
    if (!match || (match[2] === '' && match[3] === '')) return false;
    const [, minus, whole = '', fraction = '', exponent = '0'] = match;
    const shift = Number(exponent) - fraction.length;
    const scale = Math.max(0, -shift);
    const mantissa = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, shift));
    this.count++;
    if (scale > this.#scale) this.#scale = scale;
    this.#addWhole(scale, minus ? -mantissa : mantissa);
    return true;
  }

  /** The sum times 10^scale. */
  #total(): bigint {
    let total = 0n;
    const put = (scale: number, value: bigint): void => {
      if (value !== 0n) total += value * 10n ** BigInt(this.#scale - scale);
    };
    this.#small.forEach((value, place) => {
      put(place + lowestScale, BigInt(value));
    });
    for (const [scale, value] of this.#whole) put(scale, value);
    return total;
  }

  /** Null where nothing was added. */
  sum(): string | null {
    if (this.count === 0) return null;
    return this.#special ?? decimalText(this.#total(), this.#scale);
  }

  /** As `avg(numeric)`: at least 16 significant digits and never fewer decimals than the values have. */
  average(): string | null {
    if (this.count === 0) return null;
    if (this.#special) return this.#special;
    const total = this.#total();
    const scale = quotientScale(total, this.#scale, BigInt(this.count));
    return decimalText(roundedQuotient(total, this.#scale, BigInt(this.count), scale), scale);
  }
}

/** Digits only, but for the point. */
function isPlain(bytes: Uint8Array, from: number, point: number, end: number): boolean {
  if (end - from === 1 && point === from) return false;
  for (let at = from; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if ((digit < 0 || digit > 9) && at !== point) return false;
  }
  return true;
}

/** The text of `value` / 10^scale. */
export function decimalText(value: bigint, scale: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** PostgreSQL's select_div_scale: how many decimals a quotient gets, from the operands' first base-10000 digits. */
function quotientScale(total: bigint, scale: number, divisor: bigint): number {
  const above = leading(total < 0n ? -total : total, scale);
  const below = leading(divisor, 0);
  let weight = above.weight - below.weight;
  if (above.digit <= below.digit) weight--;
  return Math.min(1000, Math.max(16 - weight * 4, scale, 0));
}

/** The first base-10000 digit of value / 10^scale, and its power of 10000; 0 has weight 0. */
function leading(value: bigint, scale: number): { weight: number; digit: number } {
  if (value === 0n) return { weight: 0, digit: 0 };
  const digits = value.toString();
  // The digit before the point has place 0; base-10000 digits are groups of four aligned to the point.
  const place = digits.length - 1 - scale;
  const weight = Math.floor(place / 4);
  const inGroup = place - weight * 4 + 1;
  return { weight, digit: Number(digits.slice(0, inGroup).padEnd(inGroup, '0')) };
}

/** value / 10^scale / divisor, times 10^wanted, rounded half away from zero. */
function roundedQuotient(value: bigint, scale: number, divisor: bigint, wanted: number): bigint {
  const above = (value < 0n ? -value : value) * 10n ** BigInt(wanted);
  const below = divisor * 10n ** BigInt(scale);
  const rounded = (2n * above + below) / (2n * below);
  return value < 0n ? -rounded : rounded;
}
