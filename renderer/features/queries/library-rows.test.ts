import { expect, test } from 'vitest';
import { foldersOf, libraryRows, matchingTemplates } from './library-rows.ts';

const query = (group: string, name: string) => ({
  id: `${group}/${name}`,
  group,
  name,
  connectionId: null,
  changedAtMs: 0,
  digest: '',
});
const queries = [query('', 'top'), query('b/c', 'deep'), query('a', 'second 10'), query('a', 'Second 2')];
const templates = [{ name: 'Locks', templates: [{ name: 'Who waits', about: 'Sessions.', sql: 'select 1' }] }];
const shown = (closed: string[] = [], searching = false) =>
  libraryRows(queries, templates, new Set(closed), searching).map(({ depth, label }) => `${'-'.repeat(depth)}${label}`);

test('folders before queries, each by name, and the templates at the end', () => {
  expect(shown()).toEqual([
    ...['a', '-Second 2', '-second 10', 'b', '-c', '--deep', 'top'],
    ...['Templates', '-Locks', '--Who waits'],
  ]);
  expect(shown(['folder b', 'templates'])).toEqual(['a', '-Second 2', '-second 10', 'b', 'top', 'Templates']);
  expect(shown(['folder b', 'templates'], true)).toHaveLength(10);
});

test('templates are found by every word, and folders are listed with those above', () => {
  expect(matchingTemplates(templates, 'LOCKS sess')).toHaveLength(1);
  expect(matchingTemplates(templates, 'locks nothing')).toHaveLength(0);
  expect(foldersOf(queries)).toEqual(['a', 'b', 'b/c']);
});
