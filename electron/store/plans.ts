/** Kept plans, by the fingerprint of their statement. */
import type Database from 'better-sqlite3';
import { explainOptions, type KeptPlan, type PlanEntry } from '../../shared/api/plans.ts';
import { told } from './open.ts';

export type NewPlan = Omit<KeptPlan, 'id'>;
export interface PlanStore {
  add(plan: NewPlan): number;
  get(id: number): KeptPlan | undefined;
  list(wanted: { fingerprint?: string | undefined; beforeId?: number | undefined; limit: number }): {
    entries: PlanEntry[];
    more: boolean;
  };
  remove(ids: readonly number[]): void;
}

interface EntryRow {
  id: number;
  at_ms: number;
  origin: PlanEntry['origin'];
  fingerprint: string | null;
  sql: string | null;
  connection_id: string | null;
  recording_id: string | null;
  connection_name: string;
  database: string;
  server_version: string;
  analyzed: number;
  execution_ms: number | null;
  total_cost: number | null;
  shape: string;
  parameters: string | null;
  settings: string;
  options: string | null;
}

/** Of one statement so many are kept, and of all so many: plans are small, but a timer may make them. */
const keptOfOne = 200;
const keptOfAll = 5_000;

const entryColumns =
  'id, at_ms, origin, fingerprint, sql, connection_id, recording_id, connection_name, database, server_version, analyzed, execution_ms, total_cost, shape, parameters, settings, options';

export function createPlanStore(db: Database.Database): PlanStore {
  const insert = db.prepare(
    'INSERT INTO plan (at_ms, origin, fingerprint, sql, connection_id, recording_id, connection_name, database, server_version, analyzed, execution_ms, total_cost, shape, parameters, settings, options, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const trimOne = db.prepare(
    'DELETE FROM plan WHERE fingerprint = ? AND id NOT IN (SELECT id FROM plan WHERE fingerprint = ? ORDER BY id DESC LIMIT ?)',
  );
  const trimAll = db.prepare('DELETE FROM plan WHERE id <= (SELECT max(id) FROM plan) - ?');
  const one = db.prepare<[number], EntryRow & { text: string }>('SELECT * FROM plan WHERE id = ?');
  const all = db.prepare<[string | null, string | null, number, number], EntryRow>(
    `SELECT ${entryColumns} FROM plan WHERE (? IS NULL OR fingerprint = ?) AND id < ? ORDER BY id DESC LIMIT ?`,
  );
  const remove = db.prepare('DELETE FROM plan WHERE id = ?');
  const add = db.transaction((plan: NewPlan): number => {
    const added = insert.run(
      Math.round(plan.atMs),
      plan.origin,
      plan.fingerprint,
      plan.sql,
      plan.connectionId,
      plan.recordingId,
      plan.connectionName,
      plan.database,
      plan.serverVersion,
      plan.analyzed ? 1 : 0,
      plan.executionMs,
      plan.totalCost,
      plan.shape,
      plan.parameters,
      plan.settings,
      plan.options ? JSON.stringify(plan.options) : null,
      plan.text,
    );
    if (plan.fingerprint) trimOne.run(plan.fingerprint, plan.fingerprint, keptOfOne);
    trimAll.run(keptOfAll);
    return Number(added.lastInsertRowid);
  });
  return {
    add: (plan) => told(() => add.immediate(plan)),
    get: (id) =>
      told(() => {
        const row = one.get(id);
        return row && { ...entryOf(row), text: row.text };
      }),
    list: ({ fingerprint = null, beforeId = Number.MAX_SAFE_INTEGER, limit }) =>
      told(() => {
        const rows = all.all(fingerprint, fingerprint, beforeId, limit + 1);
        return { entries: rows.slice(0, limit).map(entryOf), more: rows.length > limit };
      }),
    remove: (ids) =>
      told(() => {
        const removeAll = db.transaction(() => {
          for (const id of ids) remove.run(id);
        });
        removeAll.immediate();
      }),
  };
}

function entryOf(row: EntryRow): PlanEntry {
  const options = row.options ? explainOptions.safeParse(JSON.parse(row.options)) : undefined;
  return {
    id: row.id,
    atMs: row.at_ms,
    origin: row.origin,
    fingerprint: row.fingerprint,
    sql: row.sql,
    connectionId: row.connection_id,
    recordingId: row.recording_id,
    connectionName: row.connection_name,
    database: row.database,
    serverVersion: row.server_version,
    analyzed: row.analyzed === 1,
    executionMs: row.execution_ms,
    totalCost: row.total_cost,
    shape: row.shape,
    parameters: row.parameters,
    settings: row.settings,
    options: options?.success ? options.data : null,
  };
}
