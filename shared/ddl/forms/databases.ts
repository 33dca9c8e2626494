/** Databases and publications. */
import { identifier, quoteLiteral } from '../../sql/quote.ts';
import { type Step, step } from '../step.ts';
import {
  closing,
  commentField,
  type Form,
  flag,
  lines,
  moved,
  nameField,
  nameIn,
  needsName,
  ownerField,
  same,
  text,
  unlessMissing,
} from './form.ts';

export const databaseForm: Form = {
  fields: [
    nameField,
    ownerField,
    {
      name: 'template',
      label: 'Template',
      input: 'choice',
      from: 'databases',
      none: 'template1',
      only: 'create',
      hint: 'Nobody may be connected to it. Another encoding or locale needs template0.',
    },
    {
      name: 'encoding',
      label: 'Encoding',
      input: 'text',
      options: ['UTF8', 'SQL_ASCII', 'LATIN1', 'LATIN9', 'WIN1250', 'WIN1251', 'WIN1252', 'EUC_JP', 'EUC_KR'].map(
        (word) => [word, word] as const,
      ),
      placeholder: 'as the template',
      fixed: true,
    },
    {
      name: 'collate',
      label: 'Order of texts (LC_COLLATE)',
      input: 'text',
      placeholder: 'as the template',
      fixed: true,
    },
    { name: 'ctype', label: 'Kinds of letters (LC_CTYPE)', input: 'text', placeholder: 'as the template', fixed: true },
    {
      name: 'provider',
      label: 'Locale provider',
      input: 'choice',
      none: 'as the template',
      options: [
        ['libc', 'libc'],
        ['icu', 'icu'],
        ['builtin', 'builtin', 17],
      ],
      since: 15,
      fixed: true,
    },
    {
      name: 'icuLocale',
      label: 'Locale of icu or builtin',
      input: 'text',
      options: ['und', 'en-US', 'C.UTF-8'].map((word) => [word, word] as const),
      placeholder: 'as the template',
      since: 15,
      fixed: true,
    },
    {
      name: 'tablespace',
      label: 'Tablespace',
      input: 'choice',
      from: 'tablespaces',
      none: 'as the template',
      noneOnlyNew: true,
    },
    { name: 'limit', label: 'Connections at most', input: 'text', placeholder: 'any number' },
    { name: 'closed', label: 'No new connections', input: 'check' },
    { name: 'isTemplate', label: 'A template for others', input: 'check' },
    commentField,
  ],
  start: () => ({
    name: '',
    owner: '',
    template: '',
    encoding: '',
    collate: '',
    ctype: '',
    provider: '',
    icuLocale: '',
    tablespace: '',
    limit: '',
    closed: false,
    isTemplate: false,
    comment: '',
  }),
  steps: (before, after) => {
    if (!/^\d*$/.test(text(after, 'limit')))
      return { steps: [], problems: ['The number of connections is not a whole number.'] };
    return unlessMissing(after, needsName, () => {
      const name = nameIn(after);
      const settings = [
        ...(before && same(before, after, 'limit')
          ? []
          : text(after, 'limit') === '' && !before
            ? []
            : [`CONNECTION LIMIT ${text(after, 'limit') || '-1'}`]),
        ...((before ? flag(before, 'closed') : false) === flag(after, 'closed')
          ? []
          : [`ALLOW_CONNECTIONS ${!flag(after, 'closed')}`]),
        ...((before ? flag(before, 'isTemplate') : false) === flag(after, 'isTemplate')
          ? []
          : [`IS_TEMPLATE ${flag(after, 'isTemplate')}`]),
      ];
      if (before !== null)
        return [
          ...moved('DATABASE', before, after, { notes: ['Nobody may be connected to it.'] }),
          ...(settings.length > 0 ? [step(`ALTER DATABASE ${name} WITH ${settings.join(' ')}`)] : []),
          ...moveFiles(name, text(before, 'tablespace'), text(after, 'tablespace')),
          ...closing('DATABASE', name, before, after),
        ];
      const given = (field: string, word: string, quoted = true) => {
        const value = text(after, field);
        return value === '' ? [] : [`${word} ${quoted ? quoteLiteral(value) : identifier(value)}`];
      };
      const words = [
        ...given('owner', 'OWNER', false),
        ...given('template', 'TEMPLATE', false),
        ...given('encoding', 'ENCODING'),
        ...given('provider', 'LOCALE_PROVIDER', false),
        ...given('icuLocale', text(after, 'provider') === 'builtin' ? 'BUILTIN_LOCALE' : 'ICU_LOCALE'),
        ...given('collate', 'LC_COLLATE'),
        ...given('ctype', 'LC_CTYPE'),
        ...given('tablespace', 'TABLESPACE', false),
        ...settings,
      ];
      const make = `CREATE DATABASE ${name}${words.length > 0 ? ` WITH\n  ${words.join('\n  ')}` : ''}`;
      return [step(make, { alone: true, work: 'copy' }), ...closing('DATABASE', name, null, { ...after, owner: '' })];
    });
  },
};

function moveFiles(name: string, was: string, now: string): Step[] {
  if (now === '' || now === was) return [];
  const notes = [
    'Nobody may be connected to it, and it cannot be the database that this is sent from.',
    `All that lies in ${was} is copied, and deleted there when that is done; what lies elsewhere stays.`,
    `A table or index of it that lies in ${now} already stands in the way: the server then refuses, and nothing is changed.`,
  ];
  return [step(`ALTER DATABASE ${name} SET TABLESPACE ${identifier(now)}`, { alone: true, work: 'copy', notes })];
}

const operations = ['insert', 'update', 'delete', 'truncate'];
export const publicationForm: Form = {
  fields: [
    nameField,
    { name: 'all', label: 'All tables, also those to come', input: 'check', fixed: true },
    {
      name: 'tables',
      label: 'Tables',
      input: 'lines',
      hint: 'One a line; from 15 on with columns and condition: shop.item (id, name) WHERE (id > 0)',
    },
    { name: 'schemas', label: 'All tables of these schemas', input: 'lines', hint: 'One a line.', since: 15 },
    {
      name: 'publish',
      label: 'What is published',
      input: 'picks',
      options: operations.map((word) => [word, word] as const),
    },
    { name: 'viaRoot', label: 'Partitions as their root', input: 'check' },
    ownerField,
    commentField,
  ],
  start: () => ({
    name: '',
    all: false,
    tables: [],
    schemas: [],
    publish: [...operations],
    viaRoot: false,
    owner: '',
    comment: '',
  }),
  steps: (before, after) =>
    unlessMissing(after, needsName, () => {
      const name = nameIn(after);
      const [tables, schemas] = [lines(after, 'tables'), lines(after, 'schemas')];
      const objects = [
        ...(tables.length > 0 ? [`TABLE ${tables.join(', ')}`] : []),
        ...(schemas.length > 0 ? [`TABLES IN SCHEMA ${schemas.map(identifier).join(', ')}`] : []),
      ].join(', ');
      const options = [
        ...(same(before, after, 'publish') ? [] : [`publish = ${quoteLiteral(lines(after, 'publish').join(', '))}`]),
        ...((before ? flag(before, 'viaRoot') : false) === flag(after, 'viaRoot')
          ? []
          : [`publish_via_partition_root = ${flag(after, 'viaRoot')}`]),
      ];
      const members =
        objects === '' ? [] : [step(`ALTER PUBLICATION ${name} SET ${objects}`, { lock: 'ShareUpdateExclusiveLock' })];
      const emptied =
        before && objects === '' ? dropMembers(name, lines(before, 'tables'), lines(before, 'schemas')) : [];
      if (before === null) {
        const what = flag(after, 'all') ? '\n  FOR ALL TABLES' : objects === '' ? '' : `\n  FOR ${objects}`;
        return [
          step(`CREATE PUBLICATION ${name}${what}${options.length > 0 ? `\n  WITH (${options.join(', ')})` : ''}`),
          ...closing('PUBLICATION', name, before, after),
        ];
      }
      return [
        ...moved('PUBLICATION', before, after),
        ...(same(before, after, 'tables', 'schemas') ? [] : [...members, ...emptied]),
        ...(options.length > 0 ? [step(`ALTER PUBLICATION ${name} SET (${options.join(', ')})`)] : []),
        ...closing('PUBLICATION', name, before, after),
      ];
    }),
};
function dropMembers(name: string, tables: readonly string[], schemas: readonly string[]): Step[] {
  // DROP takes the names alone, without columns and condition.
  const bare = tables.map((line) => line.replace(/\s+(\(|WHERE\b).*$/is, ''));
  return [
    ...(bare.length > 0 ? [step(`ALTER PUBLICATION ${name} DROP TABLE ${bare.join(', ')}`)] : []),
    ...(schemas.length > 0
      ? [step(`ALTER PUBLICATION ${name} DROP TABLES IN SCHEMA ${schemas.map(identifier).join(', ')}`)]
      : []),
  ];
}
