import { expect, it } from 'vitest';
import { spread, statementsOf } from './check-server.ts';

it('spreads five times', () => {
  expect(spread([5, 1, 3, 2, 4])).toEqual({ min: 1, median: 3, p95: 5, all: [5, 1, 3, 2, 4] });
});
it.each([
  [{ installed: '1.11', available: '1.11', preloaded: 'x, pg_stat_statements' }, undefined],
  [{ installed: '1.11', available: '1.11', preloaded: null }, undefined],
  [
    { installed: null, available: '1.11', preloaded: 'pg_stat_statements' },
    'alter system set compute_query_id = auto;\ncreate extension if not exists pg_stat_statements;',
  ],
  [
    { installed: null, available: '1.11', preloaded: 'auto_explain' },
    "alter system set shared_preload_libraries = 'auto_explain', 'pg_stat_statements';\n-- Then restart the server.\nalter system set compute_query_id = auto;\ncreate extension if not exists pg_stat_statements;",
  ],
  [
    { installed: '1.11', available: '1.11', preloaded: '' },
    "alter system set shared_preload_libraries = 'pg_stat_statements';\n-- Then restart the server.\nalter system set compute_query_id = auto;",
  ],
])('%j', (row, enableSql) => {
  expect(statementsOf(row, 180_000)).toMatchObject({
    available: enableSql === undefined,
    ...(enableSql && { enableSql }),
  });
});
it('names what is missing on the machine, and nothing that 13 does not know', () => {
  const { enableSql } = statementsOf({ installed: null, available: null, preloaded: '' }, 130_000);
  expect(enableSql).toContain('contrib');
  expect(enableSql).not.toContain('compute_query_id');
});
