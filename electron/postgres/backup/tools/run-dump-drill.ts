/**
 * A restore drill of what pg_dump made: restored into a server made for it, by pg_restore or, where it is text, by Howdah.
 * A dump has no checksums of its snapshot; what it says of itself are its rows, which are counted on both sides.
 */
import type { BackupForm } from '../../../../shared/api/dump-tool.ts';
import { identifier, quoteQualified } from '../../../../shared/sql/quote.ts';
import type { ConnectSpec } from '../../source.ts';
import type { WorkTold } from '../progress.ts';
import { nothingSpecial, type RestoreChoice } from '../restore/request.ts';
import { runScriptRestore } from '../restore/run-script-restore.ts';
import { cancelledDrill, type DrillOutcome, drillDatabase, fewOf } from '../run-drill.ts';
import { BackupLink } from '../wire/backup-link.ts';
import { type DumpWords, dumpWords } from './dump-words.ts';
import { runPgRestore } from './run-pg-restore.ts';

const applicationName = 'howdah: drill';

/** @param spec to a server that holds nothing; a database is made in it and left there. Throws why it cannot be restored */
export async function runDumpDrill(
  spec: ConnectSpec,
  path: string,
  form: Exclude<BackupForm, 'howdah'>,
  told: WorkTold = {},
): Promise<DrillOutcome> {
  told.onLine?.('Reading the dump through: its rows, and the roles that it names');
  const words = await dumpWords(path, form === 'plain' ? 'plain' : 'archive', told);
  await makeRoles(spec, words);
  const choice: RestoreChoice = { ...nothingSpecial, target: { kind: 'new', database: drillDatabase } };
  const began = performance.now();
  const items =
    form === 'plain'
      ? (await runScriptRestore({ spec, path, choice }, told)).statements
      : (await runPgRestore({ spec, path, choice, more: ['--no-tablespaces'] }, told)).items;
  const restored = performance.now();
  told.onLine?.('Counting the rows');
  const counted = await countedRows({ ...spec, database: drillDatabase }, words, told);
  return {
    ...counted,
    against: 'dump',
    items,
    tables: words.tables.size,
    restoreMs: restored - began,
    compareMs: performance.now() - restored,
  };
}

/** The roles of the server that it comes from, without any right but to be there. */
async function makeRoles(spec: ConnectSpec, { roles }: DumpWords): Promise<void> {
  const link = await BackupLink.open(spec, applicationName);
  try {
    const there = new Set(
      (await link.rows<{ name: string }>('select rolname as name from pg_roles')).map(({ name }) => name),
    );
    for (const name of roles) if (!there.has(name)) await link.script(`create role ${identifier(name)}`);
  } finally {
    await link.close();
  }
}

async function countedRows(
  spec: ConnectSpec,
  { tables }: DumpWords,
  told: WorkTold,
): Promise<Pick<DrillOutcome, 'rows' | 'differences' | 'serverVersion'>> {
  const link = await BackupLink.open(spec, applicationName, told.signal);
  const stop = () => void link.cancel();
  told.signal?.addEventListener('abort', stop, { once: true });
  const differences: string[] = [];
  let rows = 0;
  try {
    for (const [name, wanted] of tables) {
      const there = await rowsIn(link, name);
      if (there === null) differences.push(`Missing after the restore: table ${name}.`);
      else if (there !== wanted) differences.push(`${name} has ${there} rows; the dump has ${wanted}.`);
      rows += there ?? 0;
    }
    return { rows, differences: fewOf(differences), serverVersion: link.facts.version };
  } catch (thrown) {
    if (told.signal?.aborted) throw cancelledDrill();
    throw thrown;
  } finally {
    told.signal?.removeEventListener('abort', stop);
    await link.close();
  }
}

/** @param name as the dump writes it. Null where there is none of that name */
async function rowsIn(link: BackupLink, name: string): Promise<number | null> {
  const [found] = await link.rows<{ schema: string; name: string; kind: string }>(
    `select n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = pg_catalog.to_regclass($1)`,
    [name],
  );
  if (!found) return null;
  const table = quoteQualified(found.schema, found.name);
  // Of a partitioned table a dump may have the rows of all its parts; of another only its own.
  const sql =
    found.kind === 'p'
      ? `select pg_catalog.count(*)::text as n from ${table}`
      : `select pg_catalog.count(*)::text as n from only ${table}`;
  const [count] = await link.rows<{ n: string }>(sql);
  return Number(count?.n);
}
