/** Any text that holds a plan of PostgreSQL 13 to 18, from anywhere, to a `Plan`. */
import type { Plan, PlanFormat } from '../plan.ts';
import { buildPlan } from './build-plan.ts';
import { readJson } from './read-json.ts';
import { readText } from './read-text.ts';
import { readXml } from './read-xml.ts';
import { readYaml } from './read-yaml.ts';
import { PlanTextError, type Value } from './structured.ts';
import { type Line, unwrap } from './unwrap.ts';

const readers: Readonly<Record<PlanFormat, (lines: readonly Line[]) => Value>> = {
  json: readJson,
  xml: readXml,
  yaml: readYaml,
  text: readText,
};

/** Reads in time proportional to the text. Throws PlanTextError, which names the line. */
export function readPlan(text: string): Plan {
  const unwrapped = unwrap(text);
  const first = unwrapped.lines[0];
  if (!first) throw new PlanTextError(1, 'There is nothing but empty lines here.');
  const format = formatOf(unwrapped.lines);
  try {
    return buildPlan(readers[format](unwrapped.lines), format, unwrapped, text);
  } catch (thrown) {
    // JavaScript's stack: no planner nests so deeply.
    if (thrown instanceof RangeError) throw new PlanTextError(first.number, 'This is nested too deeply for a plan.');
    throw thrown;
  }
}

function formatOf(lines: readonly Line[]): PlanFormat {
  const first = lines[0]?.text.trim() ?? '';
  if (/^[[{]/.test(first)) return 'json';
  if (first.startsWith('<')) return 'xml';
  return /^(- )?(Plan:\s*$|Query Text:)/.test(first) ? 'yaml' : 'text';
}
