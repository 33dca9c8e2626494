/** Extended statistics: what the planner is to know of columns together. */
import { step } from '../step.ts';
import {
  closing,
  commentField,
  type Form,
  lines,
  moved,
  nameField,
  nameIn,
  needsPlace,
  ownerField,
  same,
  schemaField,
  text,
  unlessMissing,
} from './form.ts';

const kinds = ['ndistinct', 'dependencies', 'mcv'] as const;

export const statisticsForm: Form = {
  fields: [
    schemaField,
    nameField,
    { name: 'table', label: 'Table', input: 'sql', from: 'tables', fixed: true },
    {
      name: 'kinds',
      label: 'What is counted',
      input: 'picks',
      options: [
        ['ndistinct', 'distinct groups (ndistinct)'],
        ['dependencies', 'dependencies'],
        ['mcv', 'most common groups (mcv)'],
      ],
      fixed: true,
    },
    {
      name: 'columns',
      label: 'Columns',
      input: 'lines',
      hint: 'One a line, two at least; from 14 on also expressions, in parentheses, of which one will do.',
      placeholder: 'city\npostcode',
      fixed: true,
    },
    { name: 'target', label: 'Statistics target', input: 'text', placeholder: 'as its columns have it' },
    ownerField,
    commentField,
  ],
  start: (schema, table) => ({
    schema,
    name: '',
    table,
    kinds: [...kinds],
    columns: [],
    target: '',
    owner: '',
    comment: '',
  }),
  steps: (before, after) => {
    const target = text(after, 'target');
    if (!/^\d{0,5}$/.test(target)) return { steps: [], problems: [`“${target}” is no target: 0 to 10000.`] };
    const [columns, chosen] = [lines(after, 'columns'), lines(after, 'kinds')];
    if (before === null && columns.length === 0) return { steps: [], problems: ['Name the columns.'] };
    const ofOneExpression = columns.length === 1;
    if (before === null && chosen.length === 0 && !ofOneExpression)
      return { steps: [], problems: ['Choose what is counted.'] };
    return unlessMissing(after, [...needsPlace, ['table', 'Choose a table.']], () => {
      const name = nameIn(after);
      const on = text(after, 'table');
      // Of a single expression there is one kind only, and it has no word.
      const which = ofOneExpression || chosen.length === kinds.length ? '' : ` (${chosen.join(', ')})`;
      return [
        ...moved('STATISTICS', before, after),
        ...(before === null
          ? [
              step(`CREATE STATISTICS ${name}${which}\n  ON ${columns.join(', ')}\n  FROM ${on}`, {
                lock: 'ShareUpdateExclusiveLock',
                on,
                notes: ['It counts from the next ANALYZE of the table on.'],
              }),
            ]
          : []),
        ...((before === null && target === '') || same(before, after, 'target')
          ? []
          : [step(`ALTER STATISTICS ${name} SET STATISTICS ${target === '' ? '-1' : target}`)]),
        ...closing('STATISTICS', name, before, after),
      ];
    });
  },
};
