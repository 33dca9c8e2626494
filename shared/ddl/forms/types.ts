/** Types: enums, composites, ranges, domains. */
import { quoteLiteral } from '../../sql/quote.ts';
import { type Step, step } from '../step.ts';
import { sameType } from '../type-change.ts';
import {
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

export const enumForm: Form = {
  fields: [
    schemaField,
    nameField,
    { name: 'labels', label: 'Labels', input: 'lines', hint: 'One a line, in their order.' },
    ownerField,
    commentField,
  ],
  start: (schema) => ({ schema, name: '', labels: [], owner: '', comment: '' }),
  steps: (before, after) => {
    const [was, now] = [before ? lines(before, 'labels') : [], lines(after, 'labels')];
    const doubled = now.find((label, place) => now.indexOf(label) !== place);
    if (doubled !== undefined) return { steps: [], problems: [`“${doubled}” is there twice.`] };
    const changed = before ? labelSteps(nameIn(after), was, now) : [];
    if (changed === null)
      return {
        steps: [],
        problems: ['A label cannot be taken out of an enum, nor moved: make a new type, and change the columns to it.'],
      };
    return unlessMissing(after, needsPlace, () => [
      ...moved('TYPE', before, after),
      ...(before === null
        ? [step(`CREATE TYPE ${nameIn(after)} AS ENUM (${now.map(quoteLiteral).join(', ')})`)]
        : changed),
      ...closing('TYPE', nameIn(after), before, after),
    ]);
  },
};
/** Null where it cannot be had: labels are only added and renamed. */
function labelSteps(name: string, was: readonly string[], now: readonly string[]): Step[] | null {
  const alter = (action: string) =>
    step(`ALTER TYPE ${name} ${action}`, { notes: ['A label cannot be taken out again.'] });
  // As many as before: those that differ have been given other names, place by place.
  if (was.length === now.length) {
    const renamed = was.flatMap((label, place) =>
      label === now[place] ? [] : [[label, now[place] as string] as const],
    );
    if (renamed.some(([, to]) => was.includes(to))) return null;
    return renamed.map(([from, to]) =>
      step(`ALTER TYPE ${name} RENAME VALUE ${quoteLiteral(from)} TO ${quoteLiteral(to)}`),
    );
  }
  const kept = now.filter((label) => was.includes(label));
  if (JSON.stringify(kept) !== JSON.stringify(was)) return null;
  return now.flatMap((label, place) => {
    if (was.includes(label)) return [];
    const previous = now[place - 1];
    const next = now.find((other, later) => later > place && was.includes(other));
    const where =
      previous !== undefined
        ? ` AFTER ${quoteLiteral(previous)}`
        : next !== undefined
          ? ` BEFORE ${quoteLiteral(next)}`
          : '';
    return [alter(`ADD VALUE ${quoteLiteral(label)}${where}`)];
  });
}

/** `"B c" text` → its name and the rest. */
interface Attribute {
  readonly name: string;
  readonly type: string;
}
const attribute = (line: string): Attribute => {
  const found = /^("(?:[^"]|"")+"|[^\s"]+)\s+(.+)$/s.exec(line);
  return { name: found?.[1] ?? line, type: found?.[2] ?? '' };
};
/** Where as many are there as before, of the same types in their order, and some have new names; else null. */
function attributesRenamed(was: readonly Attribute[], now: readonly Attribute[]): [string, string][] | null {
  const isAlike = was.length === now.length && was.every(({ type }, place) => sameType(type, now[place]?.type ?? ''));
  const pairs = was.flatMap(({ name }, place): [string, string][] => {
    const to = now[place]?.name ?? name;
    return to === name ? [] : [[name, to]];
  });
  const isFree = pairs.every(([, to]) => !was.some(({ name }) => name === to));
  return isAlike && isFree && pairs.length > 0 ? pairs : null;
}
export const compositeForm: Form = {
  fields: [
    schemaField,
    nameField,
    {
      name: 'attributes',
      label: 'Attributes',
      input: 'lines',
      hint: 'One a line: name type',
      placeholder: 'street text\nnumber integer',
    },
    ownerField,
    commentField,
  ],
  start: (schema) => ({ schema, name: '', attributes: [], owner: '', comment: '' }),
  steps: (before, after) => {
    const now = lines(after, 'attributes').map(attribute);
    const bare = now.find(({ type }) => type === '');
    if (bare) return { steps: [], problems: [`“${bare.name}” has no type.`] };
    return unlessMissing(after, needsPlace, () => {
      const name = nameIn(after);
      if (before === null)
        return [
          step(
            `CREATE TYPE ${name} AS (${now.map((each) => `\n  ${each.name} ${each.type}`).join(',')}${now.length > 0 ? '\n' : ''})`,
          ),
          ...closing('TYPE', name, before, after),
        ];
      const was = lines(before, 'attributes').map(attribute);
      const alter = (action: string) =>
        step(`ALTER TYPE ${name} ${action}`, {
          notes: ['Tables that have the type as a column refuse it where it would change what they hold.'],
        });
      const renamed = attributesRenamed(was, now);
      if (renamed)
        return [
          ...moved('TYPE', before, after),
          ...renamed.map(([from, to]) => step(`ALTER TYPE ${name} RENAME ATTRIBUTE ${from} TO ${to}`)),
          ...closing('TYPE', name, before, after),
        ];
      return [
        ...moved('TYPE', before, after),
        ...was
          .filter((old) => !now.some((each) => each.name === old.name))
          .map((old) => alter(`DROP ATTRIBUTE ${old.name}`)),
        ...now.flatMap((each) => {
          const old = was.find((other) => other.name === each.name);
          if (!old) return [alter(`ADD ATTRIBUTE ${each.name} ${each.type}`)];
          return sameType(old.type, each.type) ? [] : [alter(`ALTER ATTRIBUTE ${each.name} TYPE ${each.type}`)];
        }),
        ...closing('TYPE', name, before, after),
      ];
    });
  },
};

export const rangeForm: Form = {
  fields: [
    schemaField,
    nameField,
    { name: 'subtype', label: 'Of', input: 'sql', from: 'types', fixed: true, placeholder: 'double precision' },
    { name: 'collation', label: 'Collation', input: 'sql', from: 'collations', fixed: true },
    {
      name: 'difference',
      label: 'Difference function',
      input: 'sql',
      fixed: true,
      hint: 'For GiST: (a, b) to double precision.',
    },
    ownerField,
    commentField,
  ],
  start: (schema) => ({ schema, name: '', subtype: '', collation: '', difference: '', owner: '', comment: '' }),
  steps: (before, after) =>
    unlessMissing(after, [...needsPlace, ['subtype', 'Say of what it is a range.']], () => {
      const name = nameIn(after);
      const options = [
        `SUBTYPE = ${text(after, 'subtype')}`,
        ...(text(after, 'collation') === '' ? [] : [`COLLATION = ${text(after, 'collation')}`]),
        ...(text(after, 'difference') === '' ? [] : [`SUBTYPE_DIFF = ${text(after, 'difference')}`]),
      ];
      return [
        ...moved('TYPE', before, after),
        ...(before === null ? [step(`CREATE TYPE ${name} AS RANGE (${options.join(', ')})`)] : []),
        ...closing('TYPE', name, before, after),
      ];
    }),
};

/** `CONSTRAINT x CHECK (…)` → its name; empty where it has none. */
const constraintName = (line: string): string => /^CONSTRAINT\s+("(?:[^"]|"")+"|[^\s"]+)/i.exec(line)?.[1] ?? '';
export const domainForm: Form = {
  fields: [
    schemaField,
    nameField,
    { name: 'type', label: 'Type', input: 'sql', from: 'types', fixed: true },
    { name: 'collation', label: 'Collation', input: 'sql', from: 'collations', fixed: true },
    { name: 'default', label: 'Default', input: 'sql' },
    { name: 'notNull', label: 'Not null', input: 'check' },
    {
      name: 'checks',
      label: 'Checks',
      input: 'lines',
      hint: 'One a line.',
      placeholder: 'CONSTRAINT positive CHECK (value > 0)',
    },
    ownerField,
    commentField,
  ],
  start: (schema) => ({
    schema,
    name: '',
    type: 'text',
    collation: '',
    default: '',
    notNull: false,
    checks: [],
    owner: '',
    comment: '',
  }),
  steps: (before, after) =>
    unlessMissing(after, [...needsPlace, ['type', 'Choose a type.']], () => {
      const name = nameIn(after);
      const checks = lines(after, 'checks');
      const usual = text(after, 'default');
      if (before === null)
        return [
          step(
            [
              `CREATE DOMAIN ${name} AS ${text(after, 'type')}`,
              ...(text(after, 'collation') === '' ? [] : [`COLLATE ${text(after, 'collation')}`]),
              ...(usual === '' ? [] : [`DEFAULT ${usual}`]),
              ...(flag(after, 'notNull') ? ['NOT NULL'] : []),
              ...checks,
            ].join('\n  '),
          ),
          ...closing('DOMAIN', name, before, after),
        ];
      const read = {
        notes: ['Every table with a column of the domain is read, and cannot be written meanwhile.'],
        lock: 'ShareLock' as const,
      };
      const alter = (action: string, extra: Partial<Step> = {}) => step(`ALTER DOMAIN ${name} ${action}`, extra);
      const old = lines(before, 'checks');
      return [
        ...moved('DOMAIN', before, after),
        ...(same(before, after, 'default') ? [] : [alter(usual === '' ? 'DROP DEFAULT' : `SET DEFAULT ${usual}`)]),
        ...(flag(before, 'notNull') === flag(after, 'notNull')
          ? []
          : [flag(after, 'notNull') ? alter('SET NOT NULL', read) : alter('DROP NOT NULL')]),
        ...old.filter((line) => !checks.includes(line)).map((line) => alter(`DROP CONSTRAINT ${constraintName(line)}`)),
        ...checks.filter((line) => !old.includes(line)).map((line) => alter(`ADD ${line}`, read)),
        ...closing('DOMAIN', name, before, after),
      ];
    }),
};
