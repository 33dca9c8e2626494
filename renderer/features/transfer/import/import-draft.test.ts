import { describe, expect, it } from 'vitest';
import type { FilePreview } from '../../../../shared/api/transfer.ts';
import { type Draft, draftProblem, mapped, planOf, tableNameOf } from './import-draft.ts';

const preview = (names: readonly string[], header = true): FilePreview => ({
  dialect: {
    format: 'csv',
    encoding: 'utf-8',
    delimiter: ',',
    quote: '"',
    escape: '"',
    header,
    nullText: null,
    sheet: null,
  },
  columns: names.map((name) => ({ name, type: 'text' })),
  rows: [],
  sizeBytes: 0,
  notes: [],
  sheets: [],
});
const draft = (change: Partial<Draft> = {}): Draft => ({
  create: false,
  schema: 'public',
  table: 't',
  columns: mapped(preview(['id', 'Note']), ['id', 'note']),
  mode: 'insert',
  keys: [],
  onError: 'stop',
  transaction: 'one',
  batchRows: '50000',
  ...change,
});

describe('a draft of an import', () => {
  it('maps by names that are meant alike, each target once, and by place without names', () => {
    const targets = ['order_id', 'total', 'note'];
    expect(mapped(preview(['Order ID', 'TOTAL', 'total', 'x']), targets).map(({ target }) => target)).toEqual([
      'order_id',
      '',
      'total',
      '',
    ]);
    // The same name goes before one that sounds alike, and signs alone sound like nothing.
    const alike = ['Order ID', 'order_id', '🙂', '!!!'];
    expect(mapped(preview(['order_id', 'Order ID', '!!!', '?']), alike).map(({ target }) => target)).toEqual([
      'order_id',
      'Order ID',
      '!!!',
      '',
    ]);
    expect(mapped(preview(['column_1', 'column_2'], false), targets).map(({ target }) => target)).toEqual([
      'order_id',
      'total',
    ]);
    expect(mapped(preview(['Größe (cm)', '2nd']), null).map(({ target }) => target)).toEqual(['größe_cm', 'c_2nd']);
  });

  it('says what is missing', () => {
    expect(draftProblem(draft())).toBeNull();
    expect(draftProblem(draft({ table: ' ' }))).toContain('Name the schema');
    expect(draftProblem(draft({ mode: 'upsert' }))).toContain('Choose the key');
    expect(draftProblem(draft({ mode: 'upsert', keys: ['other'] }))).toContain('not filled');
    expect(draftProblem(draft({ columns: mapped(preview(['a']), ['b']) }))).toContain('at least one');
    expect(draftProblem(draft({ batchRows: 'many' }))).toContain('Rows a batch');
  });

  it('leaves out what has no target, and an upsert for a table that is made', () => {
    const wanted = draft({ columns: mapped(preview(['id', 'x']), ['id']), create: true, mode: 'upsert', keys: ['id'] });
    const plan = planOf(wanted, preview(['id', 'x']), true);
    expect(plan.columns.map(({ target, type }) => [target, type])).toEqual([['id', 'text']]);
    expect(plan).toMatchObject({ mode: 'insert', keys: [], dryRun: true, sourceColumns: ['id', 'x'] });
  });

  it('names a table after its file', () => {
    expect(tableNameOf('Orders-2024.csv.gz')).toBe('orders_2024');
  });
});
