import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, describe, expect, it } from 'vitest';
import { invalid } from '../../../shared/failure.ts';
import { columnOf, rowFile, scratchFolder } from '../../../tests/fixtures/row-files.ts';
import { OpenResults, type ResultFiles } from '../../postgres/result/open-results.ts';
import { resultProcedures } from './results.ts';

const columns = [columnOf('id', 20), columnOf('name', 25)];
const made = rowFile(Array.from({ length: 1000 }, (_, row) => [String(row), row % 10 === 0 ? null : `name ${row}`]));
const open = new Set(['r']);
/** A registry of one result, of a file made here: what the sessions' registry answers. */
const files: ResultFiles = {
  has: (id) => open.has(id),
  resultFile(id) {
    if (!open.has(id)) throw invalid('resultId', 'gone');
    const { path, rowCount, sizeBytes, offsets } = made;
    return { id, path, columns, rowCount, sizeBytes, index: offsets, complete: true, onGrow: () => () => {} };
  },
  closeResult: async (id) => void open.delete(id),
  newFile: () => ({ id: 'compared', path: path.join(folder, 'compared') }),
  adopt: (file, _columns, { rows }) => void adopted.push([file.id, rows]),
};
const adopted: [string, number][] = [];
const held: string[] = [];
const results = new OpenResults(files);
const folder = scratchFolder();
const client = createRouterClient(
  {
    results: resultProcedures({
      results,
      hold: (clientId, resultId) => void held.push(`${clientId} ${resultId}`),
    }),
  },
  { context: { role: 'operator', clientId: 'test' } },
).results;
afterAll(() => results.close());

describe('the contract’s results', () => {
  it('gives windows, values and views', async () => {
    expect((await client.rows({ resultId: 'r', from: 998, count: 5 })).rows).toEqual([
      ['998', 'name 998'],
      ['999', 'name 999'],
    ]);
    const value = { resultId: 'r', row: 1, column: 1, offsetBytes: 5, lengthBytes: 100 };
    expect(await client.value(value)).toMatchObject({ text: '1', sizeBytes: 6, nextOffsetBytes: null });
    const view = await client.view({ resultId: 'r', spec: { sort: [{ column: 0, descending: true }], filters: [] } });
    expect(view).toMatchObject({ rowCount: 1000, notes: [] });
    const { viewId } = view;
    expect((await client.rows({ resultId: 'r', viewId, from: 0, count: 1 })).rows).toEqual([['999', 'name 999']]);
    expect(await client.value({ ...value, viewId, offsetBytes: 0 })).toMatchObject({ text: 'name 998' });
  });

  it('keeps the last three views of a result', async () => {
    const spec = { sort: [], filters: [{ column: 1, operator: 'isNull' as const, value: '' }] };
    const ids: string[] = [];
    for (let turn = 0; turn < 4; turn++) ids.push((await client.view({ resultId: 'r', spec })).viewId);
    const ask = (viewId: string | undefined) => client.rows({ resultId: 'r', viewId, from: 1, count: 1 });
    expect((await ask(ids[1])).rows).toEqual([['10', null]]);
    await expect(ask(ids[0])).rejects.toMatchObject({ code: 'invalid', data: { field: 'viewId' } });
  });

  it('finds, adds up and copies', async () => {
    const find = { resultId: 'r', text: 'NAME 77', fromRow: 0, fromColumn: 0, backwards: false, matchCase: false };
    expect(await client.find(find)).toEqual({ row: 77, column: 1, wrapped: false });
    expect(await client.find({ ...find, matchCase: true })).toBeNull();
    const ranges = [{ fromRow: 0, toRow: 999, columns: [0, 1] }];
    expect(await client.aggregate({ resultId: 'r', ranges })).toMatchObject({ sum: '499500', nulls: 100 });
    const copied = await client.copy({
      resultId: 'r',
      ranges: [{ fromRow: 0, toRow: 1, columns: [1] }],
      format: 'csv',
      header: false,
    });
    expect(copied).toEqual({ text: '\nname 1\n', rows: 2, notes: [] });
  });

  it('answers with the contract’s failures', async () => {
    const spec = { sort: [], filters: [{ column: 0, operator: 'less' as const, value: 'abc' }] };
    await expect(client.view({ resultId: 'r', spec })).rejects.toMatchObject({ code: 'invalid' });
    await client.close({ resultId: 'r' });
    await expect(client.rows({ resultId: 'r', from: 0, count: 1 })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('compares two results into one of its own, which the page holds', async () => {
    open.add('r');
    const compared = await client.compare({ leftId: 'r', rightId: 'r', keys: 'detect', withSame: true });
    expect(compared).toMatchObject({
      resultId: 'compared',
      rows: 1000,
      counts: { added: 0, removed: 0, changed: 0, same: 1000 },
      keys: [0],
    });
    expect([adopted, held]).toEqual([[['compared', 1000]], ['test compared']]);
  });
});
