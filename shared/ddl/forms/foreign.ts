/** What foreign tables stand on: wrappers, servers, and who one is there. */
import type { FormValues } from '../../api/structure.ts';
import { identifier, quoteLiteral } from '../../sql/quote.ts';
import { foreignOptionChanges, foreignOptionWords, optionPairs } from '../options.ts';
import { step } from '../step.ts';
import {
  closing,
  commentField,
  type Form,
  type FormField,
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

const optionsField = (placeholder: string): FormField => ({
  name: 'options',
  label: 'Options',
  input: 'lines',
  hint: 'One a line: name=value. Which there are, the wrapper says.',
  placeholder,
});
/** ` OPTIONS (…)`, or nothing; of something new all of them, else those that differ. */
function optionsPart(before: FormValues | null, after: FormValues): string[] {
  const now = lines(after, 'options');
  const words = before ? foreignOptionChanges(lines(before, 'options'), now) : optionPairs(now).map(foreignOptionWords);
  return words.length > 0 ? [`OPTIONS (${words.join(', ')})`] : [];
}

export const wrapperForm: Form = {
  fields: [
    nameField,
    {
      name: 'handler',
      label: 'Handler',
      input: 'sql',
      hint: 'A function that returns fdw_handler. An extension, as postgres_fdw, brings wrapper and functions.',
    },
    { name: 'validator', label: 'Validator', input: 'sql', hint: 'A function that checks the options.' },
    optionsField('debug=true'),
    ownerField,
    commentField,
  ],
  start: () => ({ name: '', handler: '', validator: '', options: [], owner: '', comment: '' }),
  steps: (before, after) =>
    unlessMissing(after, needsName, () => {
      const name = nameIn(after);
      const words = ['handler', 'validator'].flatMap((field) => {
        if (same(before, after, field) || (before === null && text(after, field) === '')) return [];
        const word = field.toUpperCase();
        return [text(after, field) === '' ? `NO ${word}` : `${word} ${text(after, field)}`];
      });
      const parts = [...words, ...optionsPart(before, after)];
      const verb = before === null ? 'CREATE' : 'ALTER';
      return [
        ...moved('FOREIGN DATA WRAPPER', before, after),
        ...(before === null || parts.length > 0
          ? [step([`${verb} FOREIGN DATA WRAPPER ${name}`, ...parts].join(before === null ? '\n  ' : ' '))]
          : []),
        ...closing('FOREIGN DATA WRAPPER', name, before, after),
      ];
    }),
};

export const serverForm: Form = {
  fields: [
    nameField,
    {
      name: 'wrapper',
      label: 'Foreign data wrapper',
      input: 'choice',
      from: 'wrappers',
      none: 'choose',
      noneOnlyNew: true,
      fixed: true,
      hint: 'None to choose from? Create the extension first: postgres_fdw.',
    },
    { name: 'type', label: 'Type', input: 'text', fixed: true },
    { name: 'version', label: 'Version', input: 'text' },
    optionsField('host=db.example.org\nport=5432\ndbname=shop'),
    ownerField,
    commentField,
  ],
  start: (_schema, wrapper) => ({
    name: '',
    wrapper,
    type: '',
    version: '',
    options: [],
    owner: '',
    comment: '',
  }),
  steps: (before, after) =>
    unlessMissing(after, [...needsName, ['wrapper', 'Choose a foreign data wrapper.']], () => {
      const name = nameIn(after);
      const version = text(after, 'version');
      const made = [
        `CREATE SERVER ${name}`,
        ...(text(after, 'type') === '' ? [] : [`TYPE ${quoteLiteral(text(after, 'type'))}`]),
        ...(version === '' ? [] : [`VERSION ${quoteLiteral(version)}`]),
        `FOREIGN DATA WRAPPER ${identifier(text(after, 'wrapper'))}`,
        ...optionsPart(null, after),
      ];
      const changed = [
        ...(same(before, after, 'version') ? [] : [`VERSION ${version === '' ? 'NULL' : quoteLiteral(version)}`]),
        ...optionsPart(before, after),
      ];
      return [
        ...moved('SERVER', before, after),
        ...(before === null
          ? [step(made.join('\n  '))]
          : changed.length > 0
            ? [step(`ALTER SERVER ${name} ${changed.join(' ')}`)]
            : []),
        ...closing('SERVER', name, before, after),
      ];
    }),
};

export const mappingForm: Form = {
  fields: [
    {
      name: 'server',
      label: 'Foreign server',
      input: 'choice',
      from: 'servers',
      none: 'choose',
      noneOnlyNew: true,
      fixed: true,
    },
    { name: 'user', label: 'For', input: 'choice', from: 'roles', none: 'everybody (PUBLIC)', fixed: true },
    {
      ...optionsField('user=reader\npassword=…'),
      hint: 'One a line: name=value. Superusers and whom it is for can read them; the history keeps no password.',
    },
  ],
  start: (_schema, server) => ({ server, user: '', options: [] }),
  steps: (before, after) =>
    unlessMissing(after, [['server', 'Choose a foreign server.']], () => {
      const user = text(after, 'user');
      const whose = `USER MAPPING FOR ${user === '' ? 'PUBLIC' : identifier(user)} SERVER ${identifier(text(after, 'server'))}`;
      const options = optionsPart(before, after);
      if (before === null) return [step([`CREATE ${whose}`, ...options].join('\n  '))];
      return options.length > 0 ? [step(`ALTER ${whose} ${options.join(' ')}`)] : [];
    }),
};
