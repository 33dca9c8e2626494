/** Functions and procedures, by their own text; triggers, event triggers and rules. */
import type { FormValues } from '../../api/structure.ts';
import { identifier, qualified, quoteLiteral, quoteNullable } from '../../sql/quote.ts';
import { type Step, step } from '../step.ts';
import { routineNamed, ruleNamed } from './definition.ts';
import {
  body,
  closing,
  commentField,
  exactLines,
  type Form,
  type FormField,
  lines,
  moved,
  nameField,
  nameIn,
  needsName,
  ownerField,
  same,
  schemaField,
  text,
  unlessMissing,
} from './form.ts';

const definition: FormField = { name: 'definition', label: 'Definition', input: 'code' };

const keeps = 'It keeps its owner, comment and rights; with another result, CREATE OR REPLACE is refused.';
const second =
  'With another name or other arguments it is a second one, beside this one, which stays as it is. To rename this one, change its name above.';
const routineForm = (noun: 'FUNCTION' | 'PROCEDURE', template: (schema: string) => string): Form => ({
  fields: [{ ...schemaField, only: 'alter' }, { ...nameField, only: 'alter' }, definition, ownerField, commentField],
  start: (schema) => ({ definition: template(schema), owner: '', comment: '' }),
  steps: (before, after) => {
    const named = routineNamed(text(after, 'definition'));
    if (before === null && named === null && (text(after, 'owner') !== '' || text(after, 'comment') !== ''))
      return {
        steps: [],
        problems: [`Begin with CREATE ${noun} name(arguments): owner and comment are given to it by that name.`],
      };
    const needed = [['definition', 'Write the definition.'], ...(before === null ? [] : needsName)] as const;
    return unlessMissing(after, needed, () => {
      const another =
        before !== null && routineNamed(text(before, 'definition'))?.identity !== named?.identity ? second : keeps;
      const made = same(before, after, 'definition')
        ? []
        : [step(body(after, 'definition'), { notes: before === null ? [] : [another] })];
      if (before === null) return [...made, ...closing(named?.noun ?? noun, named?.identity ?? '', before, after)];
      // By its old name as long as that is its name: what is written is written of that.
      const args = `(${text(after, 'arguments')})`;
      return [
        ...made,
        ...moved(noun, before, after, {}, args),
        ...closing(noun, `${nameIn(after)}${args}`, before, after),
      ];
    });
  },
});
const at = (schema: string, name: string): string => qualified(schema, name);
export const functionForm = routineForm(
  'FUNCTION',
  (schema) => `CREATE FUNCTION ${at(schema, 'my_function')}(a integer, b integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select a + b
$function$`,
);
export const procedureForm = routineForm(
  'PROCEDURE',
  (schema) => `CREATE PROCEDURE ${at(schema, 'my_procedure')}(a integer)
 LANGUAGE plpgsql
AS $procedure$
begin
  raise notice 'called with %', a;
end
$procedure$`,
);

const events = ['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'];
const stateWords: Readonly<Record<string, string>> = {
  O: 'ENABLE',
  D: 'DISABLE',
  R: 'ENABLE REPLICA',
  A: 'ENABLE ALWAYS',
};
const stateField: FormField = {
  name: 'enabled',
  label: 'Fires',
  input: 'choice',
  options: [
    ['O', 'on the origin'],
    ['D', 'never'],
    ['R', 'on replicas only'],
    ['A', 'always'],
  ],
};

function triggerText(values: FormValues, replace: string): string {
  const columns = lines(values, 'columns');
  const named = lines(values, 'events').map((event) =>
    event.toUpperCase() === 'UPDATE' && columns.length > 0
      ? `UPDATE OF ${columns.map(identifier).join(', ')}`
      : event.toUpperCase(),
  );
  const deferrable = text(values, 'deferrable');
  const transition = [
    ...(text(values, 'oldTable') === '' ? [] : [`OLD TABLE AS ${identifier(text(values, 'oldTable'))}`]),
    ...(text(values, 'newTable') === '' ? [] : [`NEW TABLE AS ${identifier(text(values, 'newTable'))}`]),
  ];
  return [
    `CREATE ${replace}${deferrable === '' ? '' : 'CONSTRAINT '}TRIGGER ${identifier(text(values, 'name'))} ${text(values, 'timing')} ${named.join(' OR ')} ON ${text(values, 'table')}`,
    ...(deferrable === '' ? [] : [deferrable]),
    ...(transition.length === 0 ? [] : [`REFERENCING ${transition.join(' ')}`]),
    `FOR EACH ${text(values, 'each')}`,
    ...(text(values, 'when') === '' ? [] : [`WHEN (${text(values, 'when')})`]),
    `EXECUTE FUNCTION ${text(values, 'function')}(${exactLines(values, 'arguments').map(quoteLiteral).join(', ')})`,
  ].join('\n  ');
}
const shape = [
  'timing',
  'events',
  'columns',
  'each',
  'when',
  'function',
  'arguments',
  'deferrable',
  'oldTable',
  'newTable',
];

const oldAndNew = (values: FormValues): string =>
  `select from ${text(values, 'table')} old, ${text(values, 'table')} new where `;
export const triggerForm: Form = {
  fields: [
    { name: 'table', label: 'Table or view', input: 'sql', from: 'relations', fixed: true },
    nameField,
    {
      name: 'timing',
      label: 'When',
      input: 'choice',
      options: ['BEFORE', 'AFTER', 'INSTEAD OF'].map((word) => [word, word.toLowerCase()] as const),
    },
    {
      name: 'each',
      label: 'For each',
      input: 'choice',
      options: [
        ['ROW', 'row'],
        ['STATEMENT', 'statement'],
      ],
    },
    {
      name: 'events',
      label: 'Events',
      input: 'picks',
      options: events.map((event) => [event.toLowerCase(), event.toLowerCase()] as const),
    },
    { name: 'function', label: 'Function', input: 'sql', from: 'triggerFunctions', hint: 'One that returns trigger.' },
    stateField,
    {
      name: 'when',
      label: 'Condition',
      input: 'condition',
      placeholder: 'old.price is distinct from new.price',
      behind: oldAndNew,
    },
    { name: 'columns', label: 'Only where UPDATE sets', input: 'lines', hint: 'Columns, one a line. Empty: any.' },
    { name: 'arguments', label: 'Arguments', input: 'lines', hint: 'Texts, one a line.' },
    { name: 'oldTable', label: 'Old rows as', input: 'text', hint: 'A table that the function can read.' },
    { name: 'newTable', label: 'New rows as', input: 'text' },
    {
      name: 'deferrable',
      label: 'Constraint trigger',
      input: 'choice',
      none: 'no',
      options: [
        ['NOT DEFERRABLE', 'yes, at once'],
        ['DEFERRABLE INITIALLY IMMEDIATE', 'yes, deferrable'],
        ['DEFERRABLE INITIALLY DEFERRED', 'yes, at commit'],
      ],
    },
    commentField,
  ],
  start: (_schema, table) => ({
    table,
    name: '',
    timing: 'BEFORE',
    events: ['insert', 'update'],
    columns: [],
    each: 'ROW',
    when: '',
    function: '',
    arguments: [],
    deferrable: '',
    oldTable: '',
    newTable: '',
    enabled: 'O',
    comment: '',
  }),
  steps: (before, after, server) => {
    if (lines(after, 'events').length === 0) return { steps: [], problems: ['Choose at least one event.'] };
    const needed = [['table', 'Choose a table.'], ...needsName, ['function', 'Choose a function.']] as const;
    return unlessMissing(after, needed, () => {
      const on = text(after, 'table');
      const name = identifier(text(after, 'name'));
      const light = { lock: 'ShareRowExclusiveLock' as const, on };
      const strong = { lock: 'AccessExclusiveLock' as const, on };
      const steps: Step[] = [];
      if (before !== null && !same(before, after, 'name'))
        steps.push(step(`ALTER TRIGGER ${identifier(text(before, 'name'))} ON ${on} RENAME TO ${name}`, strong));
      const remade = before === null || !same(before, after, ...shape);
      const replaces =
        server.major >= 14 && text(after, 'deferrable') === '' && before !== null && text(before, 'deferrable') === '';
      if (remade && before !== null && !replaces) steps.push(step(`DROP TRIGGER ${name} ON ${on}`, strong));
      if (remade) steps.push(step(triggerText(after, replaces ? 'OR REPLACE ' : ''), light));
      const state = text(after, 'enabled');
      const was = before === null || (remade && !replaces) ? 'O' : text(before, 'enabled');
      // OR REPLACE leaves the state as it is.
      if (state !== was) steps.push(step(`ALTER TABLE ${on} ${stateWords[state]} TRIGGER ${name}`, light));
      const said = before === null || (remade && !replaces) ? '' : text(before, 'comment');
      if (text(after, 'comment') !== said)
        steps.push(step(`COMMENT ON TRIGGER ${name} ON ${on} IS ${quoteNullable(text(after, 'comment') || null)}`));
      return steps;
    });
  },
};

export const eventTriggerForm: Form = {
  fields: [
    nameField,
    {
      name: 'event',
      label: 'Event',
      input: 'choice',
      options: ['ddl_command_start', 'ddl_command_end', 'sql_drop', 'table_rewrite'].map(
        (word) => [word, word] as const,
      ),
    },
    { name: 'tags', label: 'Only for', input: 'lines', hint: 'Commands, one a line: CREATE TABLE. Empty: all.' },
    {
      name: 'function',
      label: 'Function',
      input: 'sql',
      from: 'eventFunctions',
      hint: 'One that returns event_trigger.',
    },
    stateField,
    ownerField,
    commentField,
  ],
  start: () => ({ name: '', event: 'ddl_command_end', tags: [], function: '', enabled: 'O', owner: '', comment: '' }),
  steps: (before, after) =>
    unlessMissing(after, [...needsName, ['function', 'Choose a function.']], () => {
      const name = identifier(text(after, 'name'));
      const tags = lines(after, 'tags');
      const remade = before === null || !same(before, after, 'event', 'tags', 'function');
      const base = remade ? null : before;
      const make = `CREATE EVENT TRIGGER ${name} ON ${text(after, 'event')}${tags.length > 0 ? `\n  WHEN TAG IN (${tags.map((tag) => quoteLiteral(tag.toUpperCase())).join(', ')})` : ''}\n  EXECUTE FUNCTION ${text(after, 'function')}()`;
      return [
        ...(before !== null && !same(before, after, 'name')
          ? [step(`ALTER EVENT TRIGGER ${identifier(text(before, 'name'))} RENAME TO ${name}`)]
          : []),
        ...(remade && before !== null ? [step(`DROP EVENT TRIGGER ${name}`)] : []),
        ...(remade ? [step(make)] : []),
        ...(text(after, 'enabled') === (base ? text(base, 'enabled') : 'O')
          ? []
          : [step(`ALTER EVENT TRIGGER ${name} ${stateWords[text(after, 'enabled')]}`)]),
        ...closing('EVENT TRIGGER', name, base, after),
      ];
    }),
};

export const ruleForm: Form = {
  fields: [{ ...nameField, only: 'alter' }, stateField, definition, commentField],
  start: (schema, table) => ({
    definition: `CREATE RULE my_rule AS\n  ON DELETE TO ${table === '' ? qualified(schema, 'my_table') : table}\n  DO INSTEAD NOTHING`,
    enabled: 'O',
    comment: '',
    name: '',
    table: '',
  }),
  steps: (before, after) => {
    const more = text(after, 'comment') !== '' || text(after, 'enabled') !== 'O';
    if (before === null && more && ruleNamed(text(after, 'definition')) === null)
      return {
        steps: [],
        problems: ['Begin with CREATE RULE name AS ON event TO table: the comment is given to it by that name.'],
      };
    const needed = [['definition', 'Write the definition.'], ...(before === null ? [] : needsName)] as const;
    return unlessMissing(after, needed, () => {
      const written = ruleNamed(text(after, 'definition'));
      const on = before === null ? (written?.table ?? '') : text(before, 'table');
      const old = before === null ? (written?.name ?? '') : identifier(text(before, 'name'));
      const name = before === null ? old : identifier(text(after, 'name'));
      const lock = { lock: 'AccessExclusiveLock' as const, on: on === '' ? null : on };
      const isAnother = before !== null && ruleNamed(text(before, 'definition'))?.name !== written?.name;
      const notes = isAnother ? ['With another name it is a second one, beside this one, which stays as it is.'] : [];
      const sql = body(after, 'definition');
      const remade = !same(before, after, 'definition');
      const state = text(after, 'enabled');
      const said = before === null ? '' : text(before, 'comment');
      return [
        ...(remade
          ? [
              step(before === null ? sql : sql.replace(/^\s*CREATE\s+RULE/i, 'CREATE OR REPLACE RULE'), {
                ...lock,
                notes,
              }),
            ]
          : []),
        ...(name === old ? [] : [step(`ALTER RULE ${old} ON ${on} RENAME TO ${name}`, lock)]),
        ...(state === (before === null ? 'O' : text(before, 'enabled'))
          ? []
          : [step(`ALTER TABLE ${on} ${stateWords[state]} RULE ${name}`, lock)]),
        ...(text(after, 'comment') === said
          ? []
          : [step(`COMMENT ON RULE ${name} ON ${on} IS ${quoteNullable(text(after, 'comment') || null)}`)]),
      ];
    });
  },
};
