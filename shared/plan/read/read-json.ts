/** FORMAT JSON: the structured form itself. */

import { PlanTextError, type Value } from './structured.ts';
import type { Line } from './unwrap.ts';

export function readJson(lines: readonly Line[]): Value {
  const text = lines.map((line) => line.text).join('\n');
  // 64 bits do not fit a double.
  const safe = text.replace(/("Query Identifier":\s*)(-?\d+)/g, '$1"$2"');
  const end = balancedEnd(safe);
  const last = lines.at(-1)?.number ?? 1;
  if (end === null) {
    throw new PlanTextError(last, `The JSON ends too early, on line ${last}: brackets are still open. Was it cut?`);
  }
  try {
    return JSON.parse(safe.slice(0, end)) as Value;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    const offset = Number(/position (\d+)/.exec(why)?.[1] ?? 0);
    const line = lines[safe.slice(0, offset).split('\n').length - 1]?.number ?? last;
    throw new PlanTextError(line, `The JSON cannot be read on line ${line}: ${why}.`);
  }
}

/** Where the first value ends; what follows (a row count, a second plan) is not its. */
function balancedEnd(text: string): number | null {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (quoted) {
      if (letter === '\\') at++;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '[' || letter === '{') depth++;
    else if ((letter === ']' || letter === '}') && --depth === 0) return at + 1;
  }
  return null;
}
