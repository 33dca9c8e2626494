/**
 * A restore drill of what pg_dump made: restored into a server made for it, by pg_restore or, where it is text, by Howdah.
 * A dump has no checksums of its snapshot; what it says of itself are its rows, and these are compared with what came of them.
 */
import type { BackupForm } from '../../../../shared/api/dump-tool.ts';
import { invalid } from '../../../../shared/failure.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import { unpacked } from '../../import/read/file-bytes.ts';
import type { ConnectSpec } from '../../source.ts';
import type { WorkTold } from '../progress.ts';
import { nothingSpecial, type RestoreChoice } from '../restore/request.ts';
import { runScriptRestore } from '../restore/run-script-restore.ts';
import { cancelledDrill, type DrillOutcome, drillDatabase, fewOf } from '../run-drill.ts';
import { BackupLink } from '../wire/backup-link.ts';
import { DumpComparison } from './dump-compare.ts';
import { type DumpForm, type DumpWords, dumpWords, readDump } from './dump-words.ts';
import { notOfOneDatabase } from './run-pg-dump.ts';
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
  if (form === 'plain') await refuseWholeServer(path);
  const as = form === 'plain' ? 'plain' : 'archive';
  const words = await dumpWords(path, as, told);
  await makeRoles(spec, words);
  const choice: RestoreChoice = { ...nothingSpecial, target: { kind: 'new', database: drillDatabase } };
  const began = performance.now();
  const items =
    form === 'plain'
      ? (await runScriptRestore({ spec, path, choice }, told)).statements
      : (await runPgRestore({ spec, path, choice, more: ['--no-tablespaces'] }, told)).items;
  const restored = performance.now();
  told.onLine?.('Comparing the rows');
  const source = { spec: { ...spec, database: drillDatabase }, path, form: as } as const;
  const compared = await comparedRows(source, words, told);
  return {
    ...compared,
    against: 'dump',
    items,
    tables: words.tables.size,
    restoreMs: restored - began,
    compareMs: performance.now() - restored,
  };
}

/** @throws invalid for what pg_dumpall made */
async function refuseWholeServer(path: string): Promise<void> {
  for await (const piece of unpacked(path, { bytes: 0 })) {
    const head = piece.toString('latin1', 0, 1000);
    if (/^-- PostgreSQL database cluster dump\s*$/m.test(head)) throw invalid('file', notOfOneDatabase);
    return;
  }
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

async function comparedRows(
  { spec, path, form }: { readonly spec: ConnectSpec; readonly path: string; readonly form: DumpForm },
  { tables }: DumpWords,
  told: WorkTold,
): Promise<Pick<DrillOutcome, 'rows' | 'differences' | 'notes' | 'serverVersion'>> {
  const link = await BackupLink.open(spec, applicationName, told.signal);
  const stop = () => void link.cancel();
  told.signal?.addEventListener('abort', stop, { once: true });
  try {
    const comparison = new DumpComparison(link, told);
    await comparison.count(tables);
    if (comparison.needsDump) {
      told.onLine?.('Reading the dump once more, for rows that the server is to compare');
      await readDump(path, form, told, (reader) => comparison.readAgain(reader));
    }
    const { rows, differences, countedOnly } = comparison.result;
    const notes = whatWasCompared(tables.size - countedOnly.length, fewOf(countedOnly));
    return { rows, differences: fewOf(differences), notes, serverVersion: link.facts.version };
  } catch (thrown) {
    if (told.signal?.aborted) throw cancelledDrill();
    throw thrown;
  } finally {
    told.signal?.removeEventListener('abort', stop);
    await link.close();
  }
}

const whatWasCompared = (whole: number, countedOnly: readonly string[]): string[] => [
  whole === 0 && countedOnly.length === 0
    ? 'The dump has no rows: what was seen is that it can be restored.'
    : `Compared with the dump: the rows of ${whole} ${whole === 1 ? 'table' : 'tables'}, their number and their values.`,
  ...countedOnly.map((line) => `Counted only: ${line}`),
  'Not compared, as a dump has no list of them: definitions, sequences and large objects. Each was restored without an error.',
];
