/** "Parallel Hash Left Join" or "Index Scan Backward using i on s.t a" to the fields that the structured form has. */
import type { MutableFields } from './structured.ts';

const name = String.raw`(?:"(?:[^"]|"")*"|[^\s".]+)`;
const unquote = (text: string): string => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);

const joinTypes = 'Left|Right|Full|Semi|Anti|Right Semi|Right Anti';
const aggregates: Readonly<Record<string, string>> = {
  HashAggregate: 'Hashed',
  GroupAggregate: 'Sorted',
  MixedAggregate: 'Mixed',
  Aggregate: 'Plain',
};

/** @returns null where this is not the name of a node */
export function labelFields(label: string): MutableFields | null {
  let rest = label.trim();
  const fields: MutableFields = {};
  for (;;) {
    const prefix = /^(Parallel|Async|Partial|Finalize|Simple) (?=\S)/.exec(rest)?.[1];
    if (!prefix) break;
    rest = rest.slice(prefix.length + 1);
    if (prefix === 'Parallel') fields['Parallel Aware'] = true;
    else if (prefix === 'Async') fields['Async Capable'] = true;
    else fields['Partial Mode'] = prefix;
  }
  return aggregateOf(rest, fields) ?? joinOf(rest, fields) ?? modifyOf(rest, fields) ?? scanOf(rest, fields);
}

function aggregateOf(text: string, fields: MutableFields): MutableFields | null {
  const strategy = aggregates[text];
  if (strategy) return { ...fields, 'Node Type': 'Aggregate', Strategy: strategy };
  const setOp = /^(Hash)?SetOp (.+)$/.exec(text);
  if (!setOp) return null;
  return { ...fields, 'Node Type': 'SetOp', Strategy: setOp[1] ? 'Hashed' : 'Sorted', Command: setOp[2] ?? '' };
}

function joinOf(text: string, fields: MutableFields): MutableFields | null {
  const nested = new RegExp(`^Nested Loop(?: (${joinTypes}) Join)?$`).exec(text);
  if (nested) return { ...fields, 'Node Type': 'Nested Loop', 'Join Type': nested[1] ?? 'Inner' };
  const join = new RegExp(`^(Hash|Merge)(?: (${joinTypes}))? Join$`).exec(text);
  return join ? { ...fields, 'Node Type': `${join[1]} Join`, 'Join Type': join[2] ?? 'Inner' } : null;
}

function modifyOf(text: string, fields: MutableFields): MutableFields | null {
  const modify = /^(Foreign )?(Insert|Update|Delete|Merge)(?: on (.*))?$/.exec(text);
  if (!modify) return null;
  const type = modify[1] ? 'Foreign Scan' : 'ModifyTable';
  return { ...fields, 'Node Type': type, Operation: modify[2] ?? '', ...relationOf(modify[3] ?? '') };
}

function scanOf(text: string, fields: MutableFields): MutableFields | null {
  const [, head = text, target = ''] = /^(.*?) on (.*)$/.exec(text) ?? [];
  const index = new RegExp(`^(Index (?:Only )?Scan)( Backward)? using (${name})$`).exec(head);
  if (index) {
    const direction = { 'Scan Direction': index[2] ? 'Backward' : 'Forward' };
    return {
      ...fields,
      'Node Type': index[1] ?? '',
      ...direction,
      'Index Name': unquote(index[3] ?? ''),
      ...relationOf(target),
    };
  }
  if (!/^[A-Z][A-Za-z]*( [A-Za-z]+)*( \([^()]+\))?$/.test(head)) return null;
  if (head === 'Bitmap Index Scan') return { ...fields, 'Node Type': head, 'Index Name': unquote(target) };
  const custom = /^Custom Scan \((.*)\)$/.exec(head);
  if (custom) {
    return { ...fields, 'Node Type': 'Custom Scan', 'Custom Plan Provider': custom[1] ?? '', ...relationOf(target) };
  }
  return { ...fields, 'Node Type': head, ...namedTarget(head, target) };
}

/** What stands behind "on" is a table for most scans, and something else for a few. */
function namedTarget(type: string, target: string): MutableFields {
  if (!target) return {};
  const fields = relationOf(target);
  const relation = fields['Relation Name'] ?? '';
  const others: Readonly<Record<string, string>> = {
    'CTE Scan': 'CTE Name',
    'WorkTable Scan': 'CTE Name',
    'Function Scan': 'Function Name',
    'Named Tuplestore Scan': 'Tuplestore Name',
    'Table Function Scan': 'Table Function Name',
  };
  const key = others[type];
  if (key) return { [key]: relation, Alias: fields.Alias ?? relation };
  if (type === 'Values Scan' || type === 'Subquery Scan' || type === 'Result') return { Alias: relation };
  return fields;
}

/** `schema.table alias`, each perhaps quoted. Text where there is no such form stays whole. */
function relationOf(target: string): MutableFields {
  if (!target) return {};
  const found = new RegExp(`^(?:(${name})\\.)?(${name})(?: (${name}))?$`).exec(target);
  if (!found) return { 'Relation Name': target, Alias: target };
  const relation = unquote(found[2] ?? '');
  return {
    'Relation Name': relation,
    Alias: found[3] ? unquote(found[3]) : relation,
    ...(found[1] ? { Schema: unquote(found[1]) } : {}),
  };
}
