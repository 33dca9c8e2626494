import { expect, test } from 'vitest';
import { beginsOrEnds, commitsByItself, firstWords, looksReadOnly, mayCommit, outsideOnly } from './statement-words.ts';

test('the first words, without comments and parentheses', () => {
  expect(firstWords('  -- a comment; select\n /* x /* nested */ y */ (Select 1)', 1)).toEqual(['select']);
  expect(firstWords("PREPARE/**/TRANSACTION 'x'", 2)).toEqual(['prepare', 'transaction']);
  expect(firstWords('/* never closed', 1)).toEqual([]);
  expect(firstWords('', 1)).toEqual([]);
});

test.each([
  ['commit', true],
  ['COMMIT WORK AND CHAIN', true],
  ['end', true],
  ["prepare transaction 'x'", true],
  ['prepare q as select 1', false],
  ['rollback', false],
  ['select 1', false],
])('%s may commit: %s', (text, expected) => {
  expect(mayCommit(text)).toBe(expected);
});

test.each([
  ['select * from t', true],
  ['with a as (select 1) table a', true],
  ['with a as (delete from t returning *) select * from a', false],
  ['select * into copy from t', false],
  ['select * from t for update', false],
  ['explain analyze insert into t values (1)', false],
  ['copy (select 1) to stdout', true],
  ['fetch all from c', false],
  ['execute q', false],
  ['insert into t values (1) returning a', false],
])('%s only reads: %s', (text, expected) => {
  expect(looksReadOnly(text)).toBe(expected);
});

test.each([
  ['insert into t values (1)', true],
  ['call p()', true],
  ['create table t (a int)', true],
  ['do $$ begin end $$', true],
  ["commit prepared 'x'", true],
  ['with a as (delete from t returning *) select * from a', true],
  ['with a as (select 1) table a', false],
  ['select 1', false],
  ['show all', false],
  ['begin', false],
  ['', false],
])('%s commits by itself: %s', (text, expected) => {
  expect(commitsByItself(text)).toBe(expected);
});

test.each([
  ['begin', true],
  ['START TRANSACTION', true],
  ['-- done\ncommit', true],
  ["commit prepared 'x'", true],
  ["prepare transaction 'x'", true],
  ['prepare q as select 1', false],
  ['savepoint s', false],
])('%s begins or ends a transaction: %s', (text, expected) => {
  expect(beginsOrEnds(text)).toBe(expected);
});

test.each([
  ['vacuum (analyze) t', true],
  ['create database x', true],
  ['drop tablespace x', true],
  ['create index concurrently on t (a)', true],
  ['CREATE UNIQUE INDEX CONCURRENTLY i on t (a)', true],
  ['create index i on t (a)', false],
  ['drop index concurrently i', true],
  ['reindex (verbose) table concurrently t', true],
  ['reindex table t', false],
  ['alter system set work_mem = 1', true],
  ['alter database d set tablespace x', true],
  ["alter database d set work_mem = '1MB'", false],
  ['alter table p detach partition c concurrently', true],
  ['alter table p detach partition c', false],
  ['cluster', true],
  ['cluster t', false],
  ['discard all', true],
  ['discard plans', false],
  ['analyze t', false],
  ['select 1', false],
])('%s runs outside of transactions only: %s', (text, expected) => {
  expect(outsideOnly(text)).toBe(expected);
});
