/**
 * EXPLAIN's structured form: the keys of FORMAT JSON. YAML and XML carry the same keys; the text form is brought to
 * them by read-text.ts. Values may be texts where JSON has numbers: `numeric` reads both.
 */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
export type Fields = { readonly [key: string]: Value };
export type MutableFields = { [key: string]: Value };

export const isFields = (value: Value | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listOf = (value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

export function numeric(value: Value | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number.parseFloat(value);
  return Number.isFinite(number) ? number : null;
}

export function textual(value: Value | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map((each) => textual(each) ?? '').join(', ');
  if (isFields(value)) return JSON.stringify(value);
  return String(value);
}

/** Why a text is no plan: with the line (1-based, of the text as given) where reading stopped. */
export class PlanTextError extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.name = 'PlanTextError';
    this.line = line;
  }
}

/** The 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
