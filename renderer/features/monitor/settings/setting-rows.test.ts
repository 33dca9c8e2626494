import { expect, test } from 'vitest';
import type { SettingsSnapshot } from '../../../../shared/metrics/snapshots.ts';
import { settingChanges, settingRows, settingText } from './setting-rows.ts';

test.each([
  ['524288', '8kB', '4 GB'],
  ['4096', 'kB', '4 MB'],
  ['1000', 'kB', '1000 kB'],
  ['64', '16MB', '1 GB'],
  ['-1', 'kB', '-1'],
  ['0', 'B', '0 B'],
  ['300', 's', '300 s'],
  ['on', null, 'on'],
])('%s in units of %s is %s', (setting, unit, shown) => expect(settingText(setting, unit)).toBe(shown));

const snapshot = (workMem: string, overrides: SettingsSnapshot['overrides'] = []): SettingsSnapshot => ({
  settings: [
    {
      name: 'work_mem',
      setting: workMem,
      unit: 'kB',
      category: 'Memory',
      context: 'user',
      source: workMem === '4096' ? 'default' : 'configuration file',
      bootValue: '4096',
      pendingRestart: false,
      description: 'For sorts.',
    },
  ],
  overrides,
});

test('what holds for a database or a role stands beside what holds for all', () => {
  const rows = settingRows(snapshot('4096', [{ database: 'shop', role: 'app', setting: 'search_path=a=b' }]));
  expect(rows.map(({ name, scope, value, changed }) => [name, scope, value, changed])).toEqual([
    ['work_mem', '', '4 MB', false],
    ['search_path', 'role app in database shop', 'a=b', true],
  ]);
});

test('two times are compared by name and scope', () => {
  const for30s = { database: 'shop', role: null, setting: 'statement_timeout=30s' };
  expect(settingChanges(snapshot('4096', [for30s]), snapshot('65536'))).toMatchObject([
    { key: 'statement_timeout for database shop', before: '30s', after: null },
    { key: 'work_mem', before: '4 MB', after: '64 MB' },
  ]);
  expect(settingChanges(snapshot('4096'), snapshot('4096'))).toEqual([]);
});
