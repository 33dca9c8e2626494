/** Views and materialized views. */
import type { FormValues, IndexModel } from '../../api/structure.ts';
import { identifier, qualified } from '../../sql/quote.ts';
import { dropIndexStep, indexStep } from '../index-steps.ts';
import { type Step, step } from '../step.ts';
import { columnCommentSteps, columnCommentsField, columnCommentsProblem } from './column-comments.ts';
import {
  body,
  closing,
  commentField,
  type Form,
  flag,
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

const query = { name: 'query', label: 'Query', input: 'code', placeholder: 'select …' } as const;
const needed = [...needsPlace, ['query', 'Write the query.']] as const;
const exclusive = (values: FormValues) => ({ lock: 'AccessExclusiveLock' as const, on: nameIn(values) });

export const viewForm: Form = {
  fields: [
    schemaField,
    nameField,
    query,
    {
      name: 'check',
      label: 'Rows written through it',
      input: 'choice',
      wide: true,
      none: 'may be such as it does not show',
      options: [
        ['local', 'have to fit its own condition'],
        ['cascaded', 'have to fit all conditions below it, too'],
      ],
    },
    {
      name: 'barrier',
      label: 'Security barrier',
      input: 'check',
      hint: 'Its condition is tested before any function of the caller.',
    },
    {
      name: 'invoker',
      label: 'Security invoker',
      input: 'check',
      hint: 'The tables are read with the rights of whoever asks.',
      since: 15,
    },
    ownerField,
    commentField,
    columnCommentsField,
  ],
  start: (schema) => ({
    schema,
    name: '',
    query: '',
    check: '',
    barrier: false,
    invoker: false,
    owner: '',
    comment: '',
    columnComments: [],
  }),
  steps: (before, after) => {
    const wrong = columnCommentsProblem(after);
    if (wrong !== null) return { steps: [], problems: [wrong] };
    return unlessMissing(after, needed, () => {
      const name = nameIn(after);
      const options = [
        ...(flag(after, 'barrier') ? ['security_barrier = true'] : []),
        ...(flag(after, 'invoker') ? ['security_invoker = true'] : []),
        ...(text(after, 'check') === '' ? [] : [`check_option = ${text(after, 'check')}`]),
      ];
      const sql = `VIEW ${name}${options.length > 0 ? ` WITH (${options.join(', ')})` : ''} AS\n${body(after, 'query')}`;
      const changed = before === null || !same(before, after, 'query', 'barrier', 'invoker', 'check');
      const notes =
        before === null
          ? []
          : [
              'Its columns keep their names, types and order; new ones come last. Otherwise drop it and create it anew.',
            ];
      return [
        ...moved('VIEW', before, after, exclusive(after)),
        ...(changed
          ? [
              step(
                before === null ? `CREATE ${sql}` : `CREATE OR REPLACE ${sql}`,
                before === null ? {} : { ...exclusive(after), notes },
              ),
            ]
          : []),
        ...columnCommentSteps(name, before, after),
        ...closing('VIEW', name, before, after, name),
      ];
    });
  },
};

const ranNow: Partial<Step> = { work: 'query', notes: ['The query runs now; its rows are stored.'] };
export const materializedViewForm: Form = {
  fields: [
    schemaField,
    nameField,
    query,
    { name: 'tablespace', label: 'Tablespace', input: 'choice', from: 'tablespaces', none: 'as the database has it' },
    {
      name: 'indexes',
      label: 'Indexes',
      input: 'lines',
      hint: 'One a line: [UNIQUE] name USING method (columns). With a unique one it can be refreshed while others read it.',
      placeholder: 'UNIQUE sums_key USING btree (id)\nsums_at USING brin (at)',
    },
    { name: 'noData', label: 'Without data', input: 'check', hint: 'It can be read only after a refresh.' },
    ownerField,
    commentField,
    columnCommentsField,
  ],
  start: (schema) => ({
    schema,
    name: '',
    query: '',
    tablespace: '',
    indexes: [],
    noData: false,
    owner: '',
    comment: '',
    columnComments: [],
    again: [],
  }),
  steps: (before, after) => {
    const wrong = lines(after, 'indexes').find((line) => indexOf(line) === null);
    if (wrong !== undefined)
      return { steps: [], problems: [`“${wrong}” is no index: [UNIQUE] name USING method (columns).`] };
    const wrongComment = columnCommentsProblem(after);
    if (wrongComment !== null) return { steps: [], problems: [wrongComment] };
    return unlessMissing(after, needed, () => {
      const name = nameIn(after);
      const space = text(after, 'tablespace');
      const make = (at: FormValues) =>
        step(
          `CREATE MATERIALIZED VIEW ${nameIn(at)}${space === '' ? '' : ` TABLESPACE ${identifier(space)}`} AS\n${body(after, 'query')}\nWITH${flag(after, 'noData') ? ' NO' : ''} DATA`,
          flag(after, 'noData') ? {} : ranNow,
        );
      if (before === null)
        return [
          make(after),
          ...indexChanges(before, after),
          ...columnCommentSteps(name, null, after),
          ...closing('MATERIALIZED VIEW', name, before, after),
        ];
      // It has no OR REPLACE: made anew under its old name, as its indexes and grants know it, all in one transaction.
      if (!same(before, after, 'query')) {
        const old = { ...after, schema: text(before, 'schema'), name: text(before, 'name') };
        return [
          step(`DROP MATERIALIZED VIEW ${nameIn(old)}`, {
            ...exclusive(old),
            notes: ['Where something uses it, the server refuses, and nothing is changed.'],
          }),
          make(old),
          ...lines(after, 'again').map((sql) => step(sql)),
          ...moved('MATERIALIZED VIEW', old, after, exclusive(after)),
          ...indexChanges(before, after),
          ...columnCommentSteps(name, null, after),
          ...closing('MATERIALIZED VIEW', name, null, after),
        ];
      }
      return [
        ...moved('MATERIALIZED VIEW', before, after, exclusive(after)),
        ...(same(before, after, 'tablespace')
          ? []
          : [
              step(`ALTER MATERIALIZED VIEW ${name} SET TABLESPACE ${identifier(space || 'pg_default')}`, {
                ...exclusive(after),
                work: 'rewrite',
              }),
            ]),
        ...indexChanges(before, after),
        ...(same(before, after, 'noData') ? [] : [refreshed(name, flag(after, 'noData'), exclusive(after))]),
        ...columnCommentSteps(name, before, after),
        ...closing('MATERIALIZED VIEW', name, before, after, name),
      ];
    });
  },
};

/** `UNIQUE "Name" USING btree (id)` as an index; null where it is none. */
function indexOf(line: string): IndexModel | null {
  const found = /^(UNIQUE\s+)?(?:"((?:[^"]|"")+)"|([^\s"]+))\s+(USING\s.+)$/is.exec(line);
  if (!found) return null;
  const name = found[2]?.replaceAll('""', '"') ?? found[3]?.toLowerCase() ?? '';
  const [unique, definition] = [found[1] !== undefined, found[4] ?? ''];
  return { key: line, name, unique, definition, options: [], tablespace: null, valid: true, comment: null };
}
/** Those with another name, those that are gone, then those that are new: of something new all of them, within its transaction. */
function indexChanges(before: FormValues | null, after: FormValues): Step[] {
  const [was, now] = [before ? lines(before, 'indexes') : [], lines(after, 'indexes')];
  const on = { kind: 'table', schema: text(after, 'schema'), name: text(after, 'name') } as const;
  const models = (all: readonly string[]) => all.flatMap((line) => indexOf(line) ?? []);
  const going = models(was.filter((line) => !now.includes(line)));
  const coming = models(now.filter((line) => !was.includes(line)));
  const renamed = coming.flatMap((index) => {
    const at = going.findIndex((old) => old.unique === index.unique && old.definition === index.definition);
    return at < 0 ? [] : going.splice(at, 1).map((old) => ({ old, index }));
  });
  return [
    ...renamed.map(({ old, index }) => {
      const name = qualified(on.schema, old.name);
      const sql = `ALTER INDEX ${name} RENAME TO ${identifier(index.name)}`;
      return step(sql, { lock: 'ShareUpdateExclusiveLock', on: name });
    }),
    ...going.map((index) => dropIndexStep(on, index)),
    ...coming
      .filter((each) => !renamed.some(({ index }) => index === each))
      .map((index) => indexStep(on, index, before !== null)),
  ];
}

const refreshed = (name: string, empty: boolean, lock: Partial<Step>): Step =>
  empty
    ? step(`REFRESH MATERIALIZED VIEW ${name} WITH NO DATA`, { ...lock, notes: ['Its rows go, with their space.'] })
    : step(`REFRESH MATERIALIZED VIEW ${name}`, { ...lock, ...ranNow });
