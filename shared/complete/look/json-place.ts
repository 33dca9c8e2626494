/** A caret in the quotes of a JSON key: of which column of which table, and under which keys. */
import { quoteLiteral } from '../../sql/quote.ts';
import type { Catalog, Relation } from '../catalog.ts';
import { Reader } from '../read-query.ts';
import type { Request } from '../request.ts';
import { type Level, Scope } from '../scope.ts';
import { scriptFacts } from '../script.ts';
import { tokensAround } from '../tokens.ts';

export interface JsonPlace {
  readonly relation: Relation;
  readonly column: string;
  /** Keys and places that lead there: `data->'address'->'…` has `['address']`. */
  readonly path: readonly string[];
}
export interface JsonKey {
  readonly key: string;
  /** As jsonb_typeof has it; of the first that was seen. */
  readonly type: string;
  /** Of the values looked at, 0 to 1. */
  readonly share: number;
}

const steps = new Set(['->', '->>']);
const starts = new Set(['->', '->>', '?', '?|', '?&']);

/** Null where no JSON key of a table's column stands at the caret. */
export function jsonPlaceAt(catalog: Catalog, text: string, caret: number): JsonPlace | null {
  const around = tokensAround(text, caret);
  if (around.inComment || around.touched?.kind !== 'string') return null;
  const at = around.tokens.indexOf(around.touched);
  const reader = new Reader(around.tokens, around.from, around.to);
  const { path, tables } = scriptFacts(catalog, around.tokens, around.from);
  const scope = new Scope({ catalog, reader, root: reader.read(), path, scriptTables: tables });
  return jsonPlace(reader, scope, at);
}

/** `at`: the token that is being typed, or the one that would be. */
export function jsonPlace(reader: Reader, scope: Scope, at: number): JsonPlace | null {
  const path: string[] = [];
  let end = at - 1;
  if (starts.has(reader.text(end))) {
    while (steps.has(reader.text(end - 2)) && isStep(reader, end - 1)) {
      path.unshift(stepOf(reader, end - 1));
      end -= 2;
    }
  } else if (reader.text(end) === '[') {
    while (reader.text(end - 1) === ']' && reader.text(end - 3) === '[' && isStep(reader, end - 2)) {
      path.unshift(stepOf(reader, end - 2));
      end -= 3;
    }
  } else return null;
  if (reader.text(end - 2) === '::') end -= 2;
  if (!reader.isName(end - 1)) return null;
  const qualifier = reader.text(end - 2) === '.' ? (reader.tokens[end - 3]?.text ?? null) : null;
  const found = jsonColumn(scope.levelsAt(at), qualifier, reader.tokens[end - 1]?.text ?? '');
  return found && { ...found, path };
}

const isStep = (reader: Reader, at: number): boolean =>
  reader.tokens[at]?.kind === 'string' || reader.tokens[at]?.kind === 'number';
const stepOf = (reader: Reader, at: number): string =>
  (reader.tokens[at]?.text ?? '').replace(/^'|'$/g, '').replaceAll("''", "'");

const withRows = new Set(['table', 'partitionedTable', 'materializedView']);

function jsonColumn(
  levels: readonly Level[],
  qualifier: string | null,
  name: string,
): Pick<JsonPlace, 'relation' | 'column'> | null {
  for (const { sources } of levels)
    for (const { alias, relation, columns } of sources) {
      if (qualifier !== null && alias !== qualifier) continue;
      const column = columns.find((each) => each.name === name);
      if (!column) continue;
      const json = column.column !== null && (column.type === 'jsonb' || column.type === 'json');
      // Under an alias of its own a column has another name in the table.
      const known = relation?.columns.some((each) => each.name === name) ?? false;
      return json && known && relation && withRows.has(relation.kind) ? { relation, column: column.column.name } : null;
    }
  return null;
}

/** True where the caret is in a JSON key, be it known or not: nothing else fits there. */
export function offerJsonKeys(
  request: Request,
  keysAt: ((place: JsonPlace) => readonly JsonKey[] | undefined) | undefined,
): boolean {
  const place = jsonPlace(request.reader, request.scope, request.at);
  if (!place) return false;
  for (const [index, { key, type, share }] of (keysAt?.(place) ?? []).entries()) {
    const often = share >= 0.995 ? '' : share < 0.01 ? 'in few' : `in ${Math.round(share * 100)} %`;
    request.offers.add(key, 300 - index / 10, () => ({
      label: key,
      kind: 'value',
      detail: [type, often].filter(Boolean).join(' · '),
      insert: quoteLiteral(key).replace(/^E?'/, '').slice(0, -1),
    }));
  }
  return true;
}
