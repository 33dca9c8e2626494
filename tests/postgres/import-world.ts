/** Imports as the engine runs them, with what a person would choose where nothing is said. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { previewFile } from '../../electron/postgres/import/preview.ts';
import { type Imported, runImport } from '../../electron/postgres/import/run-import.ts';
import type { ConnectSpec } from '../../electron/postgres/source.ts';
import { type ImportPlan, importPlan } from '../../shared/api/import-plan.ts';

export interface Wish extends Partial<Omit<ImportPlan, 'table' | 'columns'>> {
  readonly table: string;
  readonly columns?: readonly unknown[];
}

/** The plan for a file whose columns go into columns of the same names. */
export async function planFor(file: string, { table, ...wish }: Wish): Promise<ImportPlan> {
  const preview = await previewFile({ path: file, name: path.basename(file), dialect: wish.dialect ?? {} });
  const columns = preview.columns.map(({ name, type }, source) => ({ source, target: name, type }));
  return importPlan.parse({
    sourceColumns: preview.columns.map(({ name }) => name),
    table: { schema: 'public', name: table },
    create: false,
    columns,
    mode: 'insert',
    keys: [],
    onError: 'reject',
    transaction: 'one',
    batchRows: 50_000,
    dryRun: false,
    ...wish,
    dialect: preview.dialect,
  });
}

export interface Done extends Imported {
  readonly rejectsPath: string;
}

export async function importFile(spec: ConnectSpec, file: string, wish: Wish, aborted = () => false): Promise<Done> {
  const plan = await planFor(file, wish);
  const rejectsPath = `${file}.rejects`;
  const done = await runImport({ spec, from: file, plan, key: 'test', rejectsPath }, () => {}, aborted);
  return { ...done, rejectsPath };
}

/** A file of that content, in a folder of its own. */
export function fileOf(folder: string, name: string, content: string | Uint8Array): string {
  const file = path.join(mkdtempSync(path.join(folder, 'import-')), name);
  writeFileSync(file, content);
  return file;
}
