import { expect, test } from 'vitest';
import { copyText } from './copy-text.ts';

const table = {
  ...{ schema: 'shop', name: 'order' },
  columns: [
    { name: 'id', identity: 'always', generated: 'no' },
    { name: 'Amount', identity: 'no', generated: 'no' },
    { name: 'total', identity: 'no', generated: 'stored' },
  ],
} as const;
const columnsOf = (...names: string[]) => names.map((name) => ({ name, typeName: 'text', category: 'S' }));
const insert = (names: string[], rows: (string | null)[][]) =>
  copyText({ columns: columnsOf(...names), rows }, 'insert', false, table);

test('an INSERT leaves out what the server computes and overrides an identity', () => {
  expect(
    insert(
      ['total', 'id', 'Amount'],
      [
        ['9', '1', "it's"],
        ['8', '2', null],
      ],
    ),
  ).toBe(
    "insert into shop.\"order\" (id, \"Amount\") overriding system value values\n  ('1', 'it''s'),\n  ('2', NULL);\n",
  );
  expect(insert(['Amount'], [['x']])).toBe('insert into shop."order" ("Amount") values\n  (\'x\');\n');
  expect(insert(['total'], [['1'], ['2']])).toBe(
    'insert into shop."order" default values;\ninsert into shop."order" default values;\n',
  );
});
