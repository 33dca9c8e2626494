/** What is shown over a name: what it is, in SQL's own words, the comment in the database, and how big it is. */
import type { Catalog } from '../catalog.ts';
import { about } from '../suggestion.ts';
import { type Named, namedAt } from './named-at.ts';

export interface Hover {
  readonly from: number;
  readonly to: number;
  /** A line of SQL. */
  readonly title: string;
  readonly comment: string;
  readonly facts: string;
}

export function hoverAt(catalog: Catalog, text: string, offset: number): Hover | null {
  const found = namedAt(catalog, text, offset);
  return found ? { from: found.from, to: found.to, ...wordsOf(catalog, found.named) } : null;
}

/** Bytes for people: powers of 1024, as PostgreSQL's pg_size_pretty has them. */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value >= 10 || unit === 0 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`;
}

const mostColumns = 12;

function wordsOf(catalog: Catalog, named: Named): Pick<Hover, 'title' | 'comment' | 'facts'> {
  switch (named.kind) {
    case 'column': {
      const { column, source } = named;
      const owner = source.relation ? `${source.relation.schema}.${source.relation.name}` : source.alias;
      const facts = [
        column.key ? 'primary key' : '',
        column.column?.notNull ? 'not null' : '',
        column.column?.generated ? 'generated' : column.column?.hasDefault ? 'has a default' : '',
      ];
      const labels = catalog.labelsOf(column.typeOid);
      if (labels.length > 0) facts.push(labels.join(', '));
      return {
        title: `${owner}.${column.name} ${column.type}`.trim(),
        comment: column.comment,
        facts: facts.filter(Boolean).join(' · '),
      };
    }
    case 'relation': {
      const { relation } = named;
      const kind = {
        table: 'table',
        partitionedTable: 'partitioned table',
        view: 'view',
        materializedView: 'materialized view',
        foreignTable: 'foreign table',
        composite: 'type',
        sequence: 'sequence',
      }[relation.kind];
      const sized = relation.sizeBytes > 0 ? `about ${size(relation.sizeBytes)}` : '';
      const rows = about(relation.rowEstimate);
      return {
        title: `${kind} ${relation.schema}.${relation.name}`,
        comment: relation.comment,
        facts: [rows && `about ${rows}`, sized, `${relation.columns.length} columns`].filter(Boolean).join(' · '),
      };
    }
    case 'source': {
      const { alias, columns, relation } = named.source;
      const names = columns.slice(0, mostColumns).map(({ name, type }) => `${name} ${type}`.trim());
      return {
        title: relation ? `${alias} = ${relation.schema}.${relation.name}` : alias,
        comment: relation?.comment ?? '',
        facts: `${names.join(', ')}${columns.length > mostColumns ? ` and ${columns.length - mostColumns} more` : ''}`,
      };
    }
    case 'routine': {
      const { routine, overloads } = named;
      return {
        title: `${routine.kind} ${routine.schema}.${routine.name}(${routine.args})${routine.result ? ` → ${routine.result}` : ''}`,
        comment: routine.comment,
        facts: overloads > 1 ? `and ${overloads - 1} more of this name` : '',
      };
    }
    case 'type':
      return { title: `type ${named.type.written}`, comment: named.type.comment, facts: named.type.labels.join(', ') };
    case 'schema':
      return { title: `schema ${named.name}`, comment: named.comment, facts: '' };
  }
}
