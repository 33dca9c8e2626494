import { expect, it } from 'vitest';
import { fitting } from './fitting.ts';

const columns = [
  { key: 'pid', widthPx: 60 },
  { key: 'database', widthPx: 80, spare: 1 },
  { key: 'client', widthPx: 80, spare: 2 },
  { key: 'query', widthPx: 200 },
];
const keys = (roomPx: number) => fitting(columns, roomPx).map(({ key }) => key);

it('leaves out spare columns only, the highest first, and none before the room is known', () => {
  expect(keys(420)).toEqual(['pid', 'database', 'client', 'query']);
  expect(keys(419)).toEqual(['pid', 'database', 'query']);
  expect(keys(300)).toEqual(['pid', 'query']);
  expect(keys(100)).toEqual(['pid', 'query']);
  expect(keys(0)).toHaveLength(4);
  const wide = columns.map((each) => (each.key === 'query' ? { ...each, widthPx: 100, wantsPx: 250 } : each));
  expect(fitting(wide, 420).map(({ key }) => key)).toEqual(['pid', 'database', 'query']);
  expect(fitting(columns, 300, 'client').map(({ key }) => key)).toEqual(['pid', 'client', 'query']);
});
