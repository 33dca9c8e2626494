/** Which words are coloured. PostgreSQL has some 500 keywords; half of them make ordinary column names. */
import { needsQuotesAsName } from '../../shared/sql/keywords.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Unreserved, but the skeleton of statements, and not often a name. */
const structural = words(`
  abort access add after alter always atomic attach before begin by cache call cascade chain checkpoint close cluster
  comment commit committed concurrently conflict connection constraints conversion copy cost cube current cursor cycle
  database deallocate declare default deferred definer delete detach discard do domain drop each enable disable encoding
  escape exclude excluding exclusive execute explain extension filter first following force forward function functions
  generated grants groups handler header if immutable include including increment inherit inherits input insert instead
  invoker isolation language large last leakproof listen load lock logged mapping match matched materialized merge
  maxvalue minvalue move nothing notify nowait nulls of off oids operator option options ordinality over overriding
  owned owner parallel partition passing policy preceding prepare prepared preserve privileges procedure procedures
  publication range read reassign recursive refresh reindex release rename repeatable replace replica reset restart
  restrict return returns revoke role rollback rollup routine rows rule savepoint schema security sequence sequences
  serializable server session set sets share show skip snapshot stable start statistics stdin stdout storage stored
  strict subscription support system tablespace temp temporary ties transaction trigger truncate trusted type types
  uescape unbounded uncommitted unlisten unlogged until update using vacuum valid validate values view views volatile
  within without work wrapper write zone
`);

const typeNames = words(`
  bigint bigserial bit bool boolean box bytea char character cidr circle date daterange datemultirange decimal double
  float float4 float8 hstore inet int int2 int4 int8 int4range int8range integer interval json jsonb jsonpath line lseg
  macaddr macaddr8 money name national nchar numeric numrange oid path pg_lsn point polygon precision real record
  refcursor regclass regnamespace regoper regoperator regproc regprocedure regrole regtype serial serial2 serial4
  serial8 setof smallint smallserial text time timestamp timestamptz timetz tid tsquery tsrange tstzrange tsvector
  trigger uuid varbit varchar varying void xid xid8 xml
`);

/** Names that are types and columns alike: only the cast tells, so they stay plain. */
const ambiguous = words('name path point line box circle time record date char character trigger');

const bodyWords = words(`
  alias assert constant continue debug diagnostics elseif elsif exception exit foreach get hint info log loop message
  notice perform query raise return reverse rowtype slice sqlstate stacked warning while found if
`);

export type WordColour = 'keyword' | 'type' | 'identifier';

/** `word` in lower case; `inBody`: inside the dollar quotes of a function. */
export function colourOfWord(word: string, inBody: boolean): WordColour {
  if (typeNames.has(word)) return ambiguous.has(word) ? (structural.has(word) ? 'keyword' : 'identifier') : 'type';
  if (needsQuotesAsName(word) || structural.has(word)) return 'keyword';
  return inBody && bodyWords.has(word) ? 'keyword' : 'identifier';
}
