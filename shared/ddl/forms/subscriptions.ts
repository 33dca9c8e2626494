/** Subscriptions: what is taken over from publications of another server. */
import type { FormValues } from '../../api/structure.ts';
import { identifier, quoteLiteral } from '../../sql/quote.ts';
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
  ownerField,
  same,
  text,
  unlessMissing,
} from './form.ts';

const publications = (values: FormValues): string => lines(values, 'publications').map(identifier).join(', ');

const connectionField: FormField = {
  name: 'connection',
  label: 'Connection',
  input: 'sql',
  wide: true,
  placeholder: 'host=primary.example.org dbname=shop user=replicator password=…',
};

export const subscriptionForm: Form = {
  fields: [
    nameField,
    {
      name: 'publications',
      label: 'Publications',
      input: 'lines',
      hint: 'Of the other server, one a line.',
      placeholder: 'orders',
    },
    { ...connectionField, only: 'create' },
    {
      ...connectionField,
      only: 'alter',
      hint: 'Not shown, because there may be a password in it. Left empty, it stays as it is.',
    },
    {
      name: 'connect',
      label: 'Connect now: make the slot there, and copy the rows',
      input: 'check',
      only: 'create',
      hint: 'Unticked, it is only written down: nothing comes before a slot is made and it is switched on.',
    },
    { name: 'enabled', label: 'Switched on', input: 'check', hint: 'Changes come as they are made there.' },
    {
      name: 'binary',
      label: 'Values in binary form',
      input: 'check',
      since: 14,
      hint: 'Faster, between like types only.',
    },
    { name: 'slot', label: 'Slot', input: 'text', only: 'create', placeholder: 'named like the subscription' },
    { name: 'slot', label: 'Slot', input: 'text', only: 'alter', placeholder: 'none' },
    ownerField,
    commentField,
  ],
  start: () => ({
    name: '',
    publications: [],
    connection: '',
    connect: true,
    enabled: true,
    binary: false,
    slot: '',
    owner: '',
    comment: '',
  }),
  steps: (before, after) => {
    if (lines(after, 'publications').length === 0) return { steps: [], problems: ['Name at least one publication.'] };
    if (before === null && !flag(after, 'connect') && flag(after, 'enabled'))
      return { steps: [], problems: ['It cannot be switched on before it has connected.'] };
    if (before !== null) return unlessMissing(after, needsName, () => changed(before, after));
    return unlessMissing(after, [...needsName, ['connection', 'Say how to connect.']], () => made(after));
  },
};

function made(after: FormValues) {
  const name = nameIn(after);
  const connects = flag(after, 'connect');
  const options = [
    ...(connects ? (flag(after, 'enabled') ? [] : ['enabled = false']) : ['connect = false']),
    ...(flag(after, 'binary') ? ['binary = true'] : []),
    ...(text(after, 'slot') === '' ? [] : [`slot_name = ${quoteLiteral(text(after, 'slot'))}`]),
  ];
  const sql = [
    `CREATE SUBSCRIPTION ${name}`,
    `CONNECTION ${quoteLiteral(text(after, 'connection'))}`,
    `PUBLICATION ${publications(after)}`,
    ...(options.length > 0 ? [`WITH (${options.join(', ')})`] : []),
  ].join('\n  ');
  return [
    step(sql, {
      alone: connects,
      notes: connects ? ['It makes a slot on the other server; the rows of its tables are copied from now on.'] : [],
    }),
    ...closing('SUBSCRIPTION', name, null, after),
  ];
}

/** While it is switched on the other server is asked which tables there are now, which no transaction may hold. */
const published = (name: string, after: FormValues): Step =>
  flag(after, 'enabled')
    ? step(`ALTER SUBSCRIPTION ${name} SET PUBLICATION ${publications(after)}`, {
        alone: true,
        notes: ['The other server is asked which tables these have; the rows of new ones are copied.'],
      })
    : step(`ALTER SUBSCRIPTION ${name} SET PUBLICATION ${publications(after)} WITH (refresh = false)`, {
        notes: [`When it is on again: ALTER SUBSCRIPTION ${name} REFRESH PUBLICATION, for tables that are new in it.`],
      });

function changed(before: FormValues, after: FormValues) {
  const name = nameIn(after);
  const alter = (action: string) => step(`ALTER SUBSCRIPTION ${name} ${action}`);
  const [off, on] = [
    flag(before, 'enabled') && !flag(after, 'enabled'),
    !flag(before, 'enabled') && flag(after, 'enabled'),
  ];
  const slot = text(after, 'slot');
  return [
    ...moved('SUBSCRIPTION', before, after),
    // A slot is changed while nothing comes through it.
    ...(off ? [alter('DISABLE')] : []),
    ...(text(after, 'connection') === '' ? [] : [alter(`CONNECTION ${quoteLiteral(text(after, 'connection'))}`)]),
    ...(same(before, after, 'publications') ? [] : [published(name, after)]),
    ...(same(before, after, 'slot') ? [] : [alter(`SET (slot_name = ${slot === '' ? 'NONE' : quoteLiteral(slot)})`)]),
    ...(same(before, after, 'binary') ? [] : [alter(`SET (binary = ${flag(after, 'binary')})`)]),
    ...(on ? [alter('ENABLE')] : []),
    ...closing('SUBSCRIPTION', name, before, after),
  ];
}
