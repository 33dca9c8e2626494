/**
 * Whether a statement's result may be kept: it is one query that writes nothing, calls nothing volatile and nothing that
 * cannot be looked into, and all the tables it reads are known. In doubt it may not.
 *
 * What it does not see: texts in tables such as 'today' that the query casts to a date.
 */
import { z } from 'zod';
import type { Uses } from '../../../shared/guard/read-only.ts';
import { isNode, opened } from '../../../shared/guard/tree.ts';
import { postgresParser } from '../../postgres/parser/postgres-parser.ts';
import { readStatement, wantedOf } from '../../postgres/session/read-only/check-uses.ts';
import type { RunStatement, Session } from '../../postgres/source.ts';
import type { Surroundings } from './effects.ts';
import { proofSql, surroundingsSql } from './proof.sql.ts';

export interface Proof {
  /** Role, search_path and all settings of the session that can be changed in it. */
  readonly session: string;
  /** Oids of tables, materialized views and views that are read. */
  readonly tables: readonly string[];
}

/** They depend on their arguments and on settings, which are part of what a result is kept by. */
const steady =
  `to_char to_timestamp to_date to_number date_trunc date_part extract timezone date_bin date_add date_subtract
  make_timestamptz generate_series concat concat_ws format json_agg jsonb_agg json_agg_strict jsonb_agg_strict
  json_build_object jsonb_build_object json_build_array jsonb_build_array json_object_agg jsonb_object_agg to_json
  to_jsonb row_to_json array_to_json array_to_string string_to_array quote_literal quote_nullable to_tsvector to_tsquery
  plainto_tsquery phraseto_tsquery websearch_to_tsquery json_populate_record jsonb_populate_record json_to_recordset
  jsonb_to_recordset json_to_record jsonb_to_record timestamptz date time timetz interval text overlaps`.split(/\s+/);
/** They give another answer a moment later. */
const clock = ['now', 'transaction_timestamp', 'statement_timestamp', 'age'];
const readsClock =
  /SVFOP_(?:CURRENT_(?:DATE|TIME)|LOCALTIME)|"sval":"(?:[^"\\]|\\.)*\b(?:now|today|tomorrow|yesterday)\b/i;
const valueOfClock = /\b(?:now|today|tomorrow|yesterday)\b/i;

const mostRounds = 10;
const timeoutMs = 2_000;

const seen = z.object({
  session: z.array(z.string().nullable()),
  temporary: z.boolean(),
  unknown: z.string().nullable(),
  tables: z.array(z.string()),
  views: z.array(z.object({ oid: z.string(), definition: z.string() })),
});

/** Null where it may not be kept. Asked within the session. */
export async function prove(
  session: Session,
  { text, bound }: RunStatement,
  withClock: boolean,
): Promise<Proof | null> {
  const values = bound?.values ?? [];
  if (!withClock && values.some((value) => value !== null && valueOfClock.test(value))) return null;
  const first = await usesOf(bound?.text ?? text, withClock);
  if (!first) return null;
  const allowed = withClock ? [...steady, ...clock] : steady;
  const tables = new Set<string>();
  const views = new Set<string>();
  let waiting: Uses[] = [first];
  for (let round = 0; round < mostRounds; round++) {
    const answer = await asked(session, proofSql, [JSON.stringify(wantedOf(waiting, views)), arrayOf(allowed)]);
    const found = answer === null ? null : seen.parse(answer);
    if (!found || found.temporary || found.unknown !== null) return null;
    for (const oid of found.tables) tables.add(oid);
    waiting = [];
    for (const { oid, definition } of found.views) {
      views.add(oid);
      const uses = await usesOf(definition, withClock);
      if (!uses) return null;
      waiting.push(uses);
    }
    if (waiting.length === 0) return { session: JSON.stringify(found.session), tables: [...tables].sort() };
  }
  return null;
}

/** Null where it is no plain query, or reads the clock where it must not. */
async function usesOf(text: string, withClock: boolean): Promise<Uses | null> {
  const read = await readStatement(text);
  if (read.kind !== 'query') return null;
  const outcome = (await postgresParser()).parse(text);
  const node = outcome.kind === 'parsed' ? outcome.statements[0]?.node : undefined;
  if (!isNode(node) || opened(node)[0] !== 'SelectStmt') return null;
  return !withClock && readsClock.test(JSON.stringify(node)) ? null : read.uses;
}

const surroundings = z.object({
  relations: z.array(z.string()),
  acting: z.array(z.string()),
  functions: z.array(z.string()),
  fields: z.array(z.string()),
  operators: z.array(z.string()),
});

/** Null where it could not be found out. */
export async function surroundingsOf(session: Session, tables: readonly string[]): Promise<Surroundings | null> {
  const answer = await asked(session, surroundingsSql, [arrayOf(tables)]);
  if (answer === null) return null;
  const found = surroundings.parse(answer);
  return {
    relations: new Set(found.relations),
    acting: new Set(found.acting),
    functions: new Set(found.functions),
    fields: new Set(found.fields),
    operators: new Set(found.operators),
  };
}

async function asked(session: Session, text: string, values: readonly string[]): Promise<unknown> {
  const [answer] = await session.peek([{ text, values, mostRows: 1, ours: true }], timeoutMs);
  const json = answer?.kind === 'rows' ? answer.rows[0]?.[0] : null;
  return json ? JSON.parse(json) : null;
}

/** Of names without commas, quotes and braces. */
const arrayOf = (items: readonly string[]): string => `{${items.join(',')}}`;
