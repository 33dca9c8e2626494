/** A row as a card: its words, its key, what it refers to. */
import type { Reference, RelationModel } from '../../../shared/api/data.ts';
import { bestLabels } from '../../../shared/edit/label-column.ts';
import type { ScriptRow } from '../../../shared/row-graph/rows-script.ts';
import type { Card, CardRow, Line } from '../../diagram/cards/card.ts';
import { counted } from '../../ui/amounts.ts';
import { visibleText } from '../../ui/visible-text.ts';

export interface RowNode {
  readonly id: string;
  readonly model: RelationModel;
  /** Values of the proven key; empty where there is none. */
  readonly key: readonly string[];
  /** In the order of the columns that may be read. */
  readonly cells: readonly (string | null)[];
  /** Numbers of the columns whose values are longer than what was read. */
  readonly cut: ReadonlySet<number>;
}

/** Of `from`, by that constraint. */
export interface RowEdge {
  readonly id: string;
  readonly constraint: string;
  readonly from: string;
  readonly to: string;
  readonly columns: readonly number[];
}

const mostRows = 7;
const longestText = 60;

export const readable = (model: RelationModel) => model.columns.filter(({ maySelect }) => maySelect);
export const cellOf = ({ model, cells }: Pick<RowNode, 'model' | 'cells'>, number: number): string | null =>
  cells[readable(model).findIndex((column) => column.number === number)] ?? null;

/** The same row has the same id, however it was come to. */
export const idOf = ({ oid }: RelationModel, key: readonly string[], cells: readonly (string | null)[]): string =>
  JSON.stringify([oid, key.length > 0 ? key : cells]);

/** The values by which a row refers, or is referred to; null where one of them is NULL: then it is not. */
export function valuesOf(node: RowNode, reference: Reference): string[] | null {
  const values = reference.columns.map((number) => cellOf(node, number));
  return values.includes(null) ? null : (values as string[]);
}

const givenName = /^(first|given)_?name$/i;
const familyName = /^(last|family|sur)_?name$/i;

/** What tells the row in words: the best column for it, both names of a person, and without any text a day. */
export function labelOf(node: RowNode): string | null {
  const columns = readable(node.model);
  const named = (number: number) => columns.find((column) => column.number === number)?.name ?? '';
  const key = (node.model.key?.columns ?? []).map(named);
  const of = (name: string) => node.cells[columns.findIndex((column) => column.name === name)] || null;
  const given = columns.find(({ name }) => givenName.test(name));
  const family = columns.find(({ name }) => familyName.test(name));
  if (given && family) {
    const both = [of(given.name), of(family.name)].filter((value) => value !== null).join(' ');
    if (both !== '') return both;
  }
  const names = (category: string) => columns.filter((each) => each.category === category).map(({ name }) => name);
  for (const name of [...bestLabels(names('S'), key), ...names('D').filter((each) => !key.includes(each))]) {
    const value = of(name);
    if (value) return value;
  }
  return null;
}

export const nameOf = (node: RowNode): string => {
  const key = node.key.length > 0 ? ` ${node.key.join(', ')}` : '';
  return `${node.model.name}${key}`;
};

const short = (value: string | null): string => {
  if (value === null) return 'NULL';
  const text = visibleText(value.slice(0, longestText + 1).replace(/\s+/g, ' '));
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
};

/** Key and references first, then what else there is room for. */
export function rowCard(node: RowNode, options: { start: boolean; withSchema: boolean }): Card {
  const { model, cells } = node;
  const columns = readable(model);
  const keys = new Set(model.key?.columns ?? []);
  const links = new Set(model.references.flatMap((reference) => reference.columns));
  const label = labelOf(node);
  const rows = columns.map((column, at) => ({ column, value: cells[at] ?? null }));
  const rank = ({ column, value }: (typeof rows)[number]): number =>
    keys.has(column.number)
      ? 0
      : value !== null && value === label
        ? 1
        : links.has(column.number)
          ? 2
          : value === null
            ? 4
            : 3;
  const shown = rows.toSorted((a, b) => rank(a) - rank(b)).slice(0, mostRows);
  return {
    id: node.id,
    before: options.withSchema ? `${visibleText(model.schema)}.` : '',
    title: visibleText(model.name),
    badge: label === null ? '' : short(label).slice(0, 28),
    rows: shown.map(
      ({ column, value }): CardRow => ({
        left: visibleText(column.name),
        right: short(value),
        mark: keys.has(column.number) ? 'key' : links.has(column.number) ? 'link' : 'none',
        strong: keys.has(column.number),
      }),
    ),
    foot: columns.length > mostRows ? `and ${counted(columns.length - mostRows, 'more value')}` : '',
    color: options.start ? 'teal' : null,
    heat: null,
    mark: null,
    dashed: false,
  };
}

export const edgeLine = ({ id, from, to, constraint }: RowEdge): Line => ({
  id,
  from,
  to,
  fromRow: -1,
  toRow: -1,
  fromEnd: { many: true, optional: false },
  toEnd: { many: false, optional: false },
  dashed: false,
  label: constraint,
});

/** As a script of INSERT statements has it. */
export function scriptRow(node: RowNode): ScriptRow {
  const { schema, name, key } = node.model;
  return {
    id: node.id,
    table: { schema, name, columns: readable(node.model), key: key?.columns ?? [] },
    cells: node.cells,
  };
}
