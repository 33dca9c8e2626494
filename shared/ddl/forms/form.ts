/** What a form is: its fields, what it begins with, and the steps from what is there to what is wanted. */
import type { FormValues } from '../../api/structure.ts';
import type { LockMode } from '../../locks/lock-modes.ts';
import { identifier, qualified, quoteNullable } from '../../sql/quote.ts';
import { type Server, type Step, step } from '../step.ts';
import type { Change } from '../table-steps.ts';

export type ChoiceList =
  | 'schemas'
  | 'roles'
  | 'tablespaces'
  | 'databases'
  | 'types'
  | 'collations'
  | 'tables'
  | 'triggerFunctions'
  | 'eventFunctions'
  | 'extensions'
  | 'relations'
  | 'wrappers'
  | 'servers';

export interface FormField {
  readonly name: string;
  readonly label: string;
  /**
   * text: a name or words. sql: one line of SQL. condition: a little SQL. code: many lines. lines: a list, one a line.
   * picks: any of the options.
   */
  readonly input: 'text' | 'sql' | 'condition' | 'code' | 'check' | 'choice' | 'lines' | 'picks';
  /** Names of the server to choose from. */
  readonly from?: ChoiceList;
  /** What can be chosen, or is offered while one types; `since`: the first major version that has it. */
  readonly options?: readonly (readonly [value: string, label: string, since?: number])[];
  /** Of a choice: what the empty value is called; without it there has to be one. */
  readonly none?: string;
  /** The empty value can be chosen for something new only: what is there has one. */
  readonly noneOnlyNew?: boolean;
  readonly hint?: string;
  /** It takes a line of its own. */
  readonly wide?: boolean;
  /** Of a condition: what would stand before it in a statement, for who suggests names. */
  readonly behind?: (values: FormValues) => string;
  readonly placeholder?: string;
  readonly only?: 'create' | 'alter';
  /** It can be said once, when the object is made. */
  readonly fixed?: boolean;
  /** The first major version that has it. */
  readonly since?: number;
}

export interface Form {
  readonly fields: readonly FormField[];
  start(schema: string, table: string): FormValues;
  steps(before: FormValues | null, after: FormValues, server: Server): Change;
}

export const text = (values: FormValues, name: string): string => {
  const value = values[name];
  return typeof value === 'string' ? value.trim() : '';
};
export const flag = (values: FormValues, name: string): boolean => values[name] === true;
export const lines = (values: FormValues, name: string): string[] => {
  const value = values[name];
  return Array.isArray(value) ? value.map((line) => line.trim()).filter((line) => line !== '') : [];
};
/** As they stand, the empty ones too: an argument may be an empty text. */
export const exactLines = (values: FormValues, name: string): string[] => {
  const value = values[name];
  return Array.isArray(value) && !(value.length === 1 && value[0] === '') ? value : [];
};
/** A body without the semicolon that a person ends it with. */
export const body = (values: FormValues, name: string): string => text(values, name).replace(/;\s*$/, '');

export const same = (a: FormValues | null, b: FormValues, ...names: string[]): boolean =>
  a !== null && names.every((name) => JSON.stringify(a[name] ?? '') === JSON.stringify(b[name] ?? ''));

/** `schema.name`, or the name alone of what has no schema. */
export const nameIn = (values: FormValues): string => {
  const schema = text(values, 'schema');
  return schema === '' ? identifier(text(values, 'name')) : qualified(schema, text(values, 'name'));
};

/** Fields that most kinds have. */
export const schemaField: FormField = { name: 'schema', label: 'Schema', input: 'choice', from: 'schemas' };
export const nameField: FormField = { name: 'name', label: 'Name', input: 'text' };
export const ownerField: FormField = {
  name: 'owner',
  label: 'Owner',
  input: 'choice',
  from: 'roles',
  none: 'you',
  noneOnlyNew: true,
};
export const commentField: FormField = { name: 'comment', label: 'Comment', input: 'text' };

/** Schema and name, before all else: what follows uses the new ones. `args`: a routine's, `(a integer)`. */
export function moved(
  noun: string,
  before: FormValues | null,
  after: FormValues,
  extra: Partial<Step> = {},
  args = '',
): Step[] {
  if (before === null) return [];
  const steps: Step[] = [];
  const [oldSchema, newSchema] = [text(before, 'schema'), text(after, 'schema')];
  if (oldSchema !== newSchema)
    steps.push(step(`ALTER ${noun} ${nameIn(before)}${args} SET SCHEMA ${identifier(newSchema)}`, extra));
  if (text(before, 'name') !== text(after, 'name')) {
    const at = nameIn({ ...before, schema: newSchema });
    steps.push(step(`ALTER ${noun} ${at}${args} RENAME TO ${identifier(text(after, 'name'))}`, extra));
  }
  return steps;
}

/**
 * Comment and owner, after all else: whoever gives it away may not be allowed to change it any more.
 * @param on the relation that is locked meanwhile, of what is one
 */
export function closing(
  noun: string,
  name: string,
  before: FormValues | null,
  after: FormValues,
  on: string | null = null,
): Step[] {
  const held = (lock: LockMode): Partial<Step> => (before === null || on === null ? {} : { lock, on });
  const steps: Step[] = [];
  const comment = text(after, 'comment');
  if (comment !== (before ? text(before, 'comment') : ''))
    steps.push(
      step(`COMMENT ON ${noun} ${name} IS ${quoteNullable(comment || null)}`, held('ShareUpdateExclusiveLock')),
    );
  const owner = text(after, 'owner');
  if (owner !== '' && owner !== (before ? text(before, 'owner') : ''))
    steps.push(step(`ALTER ${noun} ${name} OWNER TO ${identifier(owner)}`, held('AccessExclusiveLock')));
  return steps;
}

/** The steps, unless something that is needed is missing. */
export function unlessMissing(
  after: FormValues,
  needed: readonly (readonly [name: string, what: string])[],
  steps: () => Step[],
): Change {
  const problems = needed.filter(([name]) => text(after, name) === '').map(([, what]) => what);
  return problems.length > 0 ? { steps: [], problems } : { steps: steps(), problems };
}
export const needsName = [['name', 'Give it a name.']] as const;
export const needsPlace = [
  ['schema', 'Choose a schema.'],
  ['name', 'Give it a name.'],
] as const;
