/** What stands behind the columns and conditions of a constraint, as parts that can be chosen one by one. */
export const referenceActions = ['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'] as const;
/** May be followed by columns: `SET NULL (a)`. */
export type ReferenceAction = string;

export interface ConstraintText {
  /** Up to the actions: `FOREIGN KEY (a) REFERENCES b(c) MATCH FULL`. */
  readonly body: string;
  readonly onUpdate: ReferenceAction;
  readonly onDelete: ReferenceAction;
  readonly deferrable: '' | 'DEFERRABLE' | 'DEFERRABLE INITIALLY DEFERRED';
  readonly state: '' | 'NOT VALID' | 'NOT ENFORCED';
}

/** Read from its end, so that nothing within brackets or quotes can be taken for it. */
export function readConstraint(definition: string): ConstraintText {
  let body = definition.trim();
  const cut = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(body);
    if (found) body = body.slice(0, found.index);
    return found;
  };
  const state = cut(/\s+(NOT\s+VALID|NOT\s+ENFORCED|ENFORCED)$/i)?.[1]?.toUpperCase() ?? '';
  const initially = cut(/\s+INITIALLY\s+(DEFERRED|IMMEDIATE)$/i)?.[1]?.toUpperCase();
  const deferrable = cut(/\s+(NOT\s+)?DEFERRABLE$/i);
  const isDeferrable = deferrable ? deferrable[1] === undefined : initially === 'DEFERRED';
  let [onUpdate, onDelete] = ['NO ACTION', 'NO ACTION'];
  for (;;) {
    const found = cut(
      /\s+ON\s+(DELETE|UPDATE)\s+(NO\s+ACTION|RESTRICT|CASCADE|SET\s+(?:NULL|DEFAULT)(?:\s*\([^()]*\))?)$/i,
    );
    if (!found) break;
    const action = (found[2] ?? '').replace(/^\w+(\s+\w+)?/, (words) => words.toUpperCase().replace(/\s+/g, ' '));
    if (found[1]?.toUpperCase() === 'DELETE') onDelete = action;
    else onUpdate = action;
  }
  return {
    body,
    onUpdate,
    onDelete,
    deferrable: !isDeferrable ? '' : initially === 'DEFERRED' ? 'DEFERRABLE INITIALLY DEFERRED' : 'DEFERRABLE',
    state: /^NOT\s+VALID$/.test(state) ? 'NOT VALID' : /^NOT\s+ENFORCED$/.test(state) ? 'NOT ENFORCED' : '',
  };
}

/** As pg_get_constraintdef orders them. */
export const writeConstraint = ({ body, onUpdate, onDelete, deferrable, state }: ConstraintText): string =>
  [
    body,
    ...(onUpdate === 'NO ACTION' ? [] : [`ON UPDATE ${onUpdate}`]),
    ...(onDelete === 'NO ACTION' ? [] : [`ON DELETE ${onDelete}`]),
    ...(deferrable === '' ? [] : [deferrable]),
    ...(state === '' ? [] : [state]),
  ].join(' ');
