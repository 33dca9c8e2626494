/** Schemas, sequences, extensions, policies. */
import type { FormValues } from '../../api/structure.ts';
import { identifier, quoteLiteral, quoteNullable } from '../../sql/quote.ts';
import { type Step, step } from '../step.ts';
import {
  closing,
  commentField,
  type Form,
  type FormField,
  flag,
  lines,
  moved,
  nameField,
  nameIn,
  needsName,
  needsPlace,
  ownerField,
  same,
  schemaField,
  text,
  unlessMissing,
} from './form.ts';

export const schemaForm: Form = {
  fields: [nameField, ownerField, commentField],
  start: () => ({ name: '', owner: '', comment: '' }),
  steps: (before, after) =>
    unlessMissing(after, needsName, () => [
      ...moved('SCHEMA', before, after),
      ...(before === null ? [step(`CREATE SCHEMA ${nameIn(after)}`)] : []),
      ...closing('SCHEMA', nameIn(after), before, after),
    ]),
};

const numbers: readonly (readonly [string, string, string])[] = [
  ['increment', 'Increment', 'INCREMENT BY'],
  ['minimum', 'Least', 'MINVALUE'],
  ['maximum', 'Greatest', 'MAXVALUE'],
  ['start', 'Start', 'START WITH'],
  ['cache', 'Cache', 'CACHE'],
];
export const sequenceForm: Form = {
  fields: [
    schemaField,
    nameField,
    {
      name: 'type',
      label: 'Type',
      input: 'choice',
      options: ['bigint', 'integer', 'smallint'].map((word) => [word, word] as const),
    },
    ...numbers.map(([name, label]): FormField => ({ name, label, input: 'sql', placeholder: 'as usual' })),
    { name: 'cycle', label: 'Begins again at its end', input: 'check' },
    { name: 'restart', label: 'Next value', input: 'sql', only: 'alter', hint: 'Sets it; left empty, it goes on.' },
    {
      name: 'ownedBy',
      label: 'Owned by',
      input: 'sql',
      placeholder: 'schema.table.column',
      hint: 'It is dropped with the column.',
    },
    ownerField,
    commentField,
  ],
  start: (schema) => ({
    schema,
    name: '',
    type: 'bigint',
    increment: '',
    minimum: '',
    maximum: '',
    start: '',
    cache: '',
    cycle: false,
    restart: '',
    ownedBy: '',
    owner: '',
    comment: '',
  }),
  steps: (before, after) => {
    const wrong = [...numbers.map(([name]) => name), 'restart'].find((name) => !/^-?\d*$/.test(text(after, name)));
    if (wrong !== undefined) return { steps: [], problems: [`“${text(after, wrong)}” is not a whole number.`] };
    return unlessMissing(after, needsPlace, () => {
      const name = nameIn(after);
      const words = [
        ...(same(before, after, 'type') ? [] : [`AS ${text(after, 'type')}`]),
        ...numbers.flatMap(([field, , word]) =>
          same(before, after, field) || text(after, field) === '' ? [] : [`${word} ${text(after, field)}`],
        ),
        ...((before ? flag(before, 'cycle') : false) === flag(after, 'cycle')
          ? []
          : [flag(after, 'cycle') ? 'CYCLE' : 'NO CYCLE']),
        ...(before !== null && text(after, 'restart') !== '' ? [`RESTART WITH ${text(after, 'restart')}`] : []),
        ...((before ? text(before, 'ownedBy') : '') === text(after, 'ownedBy')
          ? []
          : [`OWNED BY ${text(after, 'ownedBy') || 'NONE'}`]),
      ];
      const lock = { lock: 'ShareRowExclusiveLock' as const, on: name };
      return [
        ...moved('SEQUENCE', before, after, { lock: 'AccessExclusiveLock', on: name }),
        ...(before === null
          ? [step(`CREATE SEQUENCE ${name}${words.map((word) => `\n  ${word}`).join('')}`)]
          : words.length > 0
            ? [
                step(`ALTER SEQUENCE ${name} ${words.join(' ')}`, {
                  ...lock,
                  notes: ['Nobody can take a value of it meanwhile.'],
                }),
              ]
            : []),
        ...closing('SEQUENCE', name, before, after, name),
      ];
    });
  },
};

export const extensionForm: Form = {
  fields: [
    { name: 'name', label: 'Extension', input: 'choice', from: 'extensions', none: 'choose', fixed: true },
    {
      name: 'schema',
      label: 'Schema',
      input: 'choice',
      from: 'schemas',
      none: 'as it says itself',
      noneOnlyNew: true,
    },
    { name: 'version', label: 'Version', input: 'text', placeholder: 'the newest' },
    { name: 'cascade', label: 'Also what it needs (CASCADE)', input: 'check', only: 'create' },
    commentField,
  ],
  start: () => ({ name: '', schema: '', version: '', cascade: false, comment: '' }),
  steps: (before, after) =>
    unlessMissing(after, [['name', 'Choose an extension.']], () => {
      const name = identifier(text(after, 'name'));
      const [schema, version] = [text(after, 'schema'), text(after, 'version')];
      const said = before === null ? '' : text(before, 'comment');
      const comment =
        text(after, 'comment') === said
          ? []
          : [step(`COMMENT ON EXTENSION ${name} IS ${quoteNullable(text(after, 'comment') || null)}`)];
      if (before === null) {
        const words = `${schema === '' ? '' : ` SCHEMA ${identifier(schema)}`}${version === '' ? '' : ` VERSION ${quoteLiteral(version)}`}${flag(after, 'cascade') ? ' CASCADE' : ''}`;
        return [step(`CREATE EXTENSION ${name}${words}`), ...comment];
      }
      return [
        ...(same(before, after, 'schema') || schema === ''
          ? []
          : [step(`ALTER EXTENSION ${name} SET SCHEMA ${identifier(schema)}`)]),
        ...(same(before, after, 'version')
          ? []
          : [step(`ALTER EXTENSION ${name} UPDATE${version === '' ? '' : ` TO ${quoteLiteral(version)}`}`)]),
        ...comment,
      ];
    }),
};

const roleNames = (roles: readonly string[]): string =>
  roles
    .map((role) =>
      /^(public|current_user|session_user|current_role)$/i.test(role) ? role.toUpperCase() : identifier(role),
    )
    .join(', ');
const ofTable = (values: FormValues): string => `select from ${text(values, 'table')} where `;
export const policyForm: Form = {
  fields: [
    { name: 'table', label: 'Table', input: 'sql', from: 'tables', fixed: true },
    nameField,
    {
      name: 'command',
      label: 'For',
      input: 'choice',
      options: ['ALL', 'SELECT', 'INSERT', 'UPDATE', 'DELETE'].map(
        (word) => [word, word === 'ALL' ? 'all commands' : word] as const,
      ),
    },
    {
      name: 'kind',
      label: 'Kind',
      input: 'choice',
      options: [
        ['PERMISSIVE', 'permissive: one of them is enough'],
        ['RESTRICTIVE', 'restrictive: has to hold as well'],
      ],
    },
    { name: 'roles', label: 'Roles', input: 'lines', hint: 'One a line. Empty: everybody.' },
    {
      name: 'using',
      label: 'Rows that are seen (USING)',
      input: 'condition',
      placeholder: 'owner = current_user',
      behind: ofTable,
    },
    { name: 'check', label: 'Rows that may be written (WITH CHECK)', input: 'condition', behind: ofTable },
    {
      name: 'switchOn',
      label: 'Switch row security on for the table',
      input: 'check',
      only: 'create',
      hint: 'Without it, no policy counts. With it, whom no policy lets sees nothing; the owner sees all.',
    },
    commentField,
  ],
  start: (_schema, table) => ({
    table,
    name: '',
    command: 'ALL',
    kind: 'PERMISSIVE',
    roles: [],
    using: '',
    check: '',
    switchOn: false,
    comment: '',
  }),
  steps: (before, after) =>
    unlessMissing(after, [['table', 'Choose a table.'], ...needsName], () => {
      const on = text(after, 'table');
      const name = identifier(text(after, 'name'));
      const lock = { lock: 'AccessExclusiveLock' as const, on };
      const [using, check, roles] = [text(after, 'using'), text(after, 'check'), lines(after, 'roles')];
      const steps: Step[] = [];
      if (before !== null && !same(before, after, 'name'))
        steps.push(step(`ALTER POLICY ${identifier(text(before, 'name'))} ON ${on} RENAME TO ${name}`, lock));
      // An expression cannot be taken away by ALTER, only changed.
      const lost =
        before !== null && ['using', 'check'].some((field) => text(before, field) !== '' && text(after, field) === '');
      const remade = before === null || lost || !same(before, after, 'command', 'kind');
      const base = remade ? null : before;
      if (remade) {
        if (before !== null) steps.push(step(`DROP POLICY ${name} ON ${on}`, lock));
        const parts = [
          `CREATE POLICY ${name} ON ${on}`,
          ...(text(after, 'kind') === 'RESTRICTIVE' ? ['AS RESTRICTIVE'] : []),
          ...(text(after, 'command') === 'ALL' ? [] : [`FOR ${text(after, 'command')}`]),
          ...(roles.length > 0 ? [`TO ${roleNames(roles)}`] : []),
          ...(using === '' ? [] : [`USING (${using})`]),
          ...(check === '' ? [] : [`WITH CHECK (${check})`]),
        ];
        steps.push(
          step(parts.join('\n  '), {
            ...lock,
            notes: flag(after, 'switchOn') ? [] : ['It counts only where row security is switched on for the table.'],
          }),
        );
        if (flag(after, 'switchOn')) steps.push(step(`ALTER TABLE ${on} ENABLE ROW LEVEL SECURITY`, lock));
      } else {
        const parts = [
          ...(same(before, after, 'roles') ? [] : [`TO ${roles.length > 0 ? roleNames(roles) : 'PUBLIC'}`]),
          ...(same(before, after, 'using') ? [] : [`USING (${using})`]),
          ...(same(before, after, 'check') ? [] : [`WITH CHECK (${check})`]),
        ];
        if (parts.length > 0) steps.push(step(`ALTER POLICY ${name} ON ${on} ${parts.join(' ')}`, lock));
      }
      if (text(after, 'comment') !== (base ? text(base, 'comment') : ''))
        steps.push(step(`COMMENT ON POLICY ${name} ON ${on} IS ${quoteNullable(text(after, 'comment') || null)}`));
      return steps;
    }),
};
