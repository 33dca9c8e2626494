/** From RowDescription to columns: built-in types from a table, the others asked for once and kept. */
import type { FieldDef } from 'pg';
import type { Column } from '../../../shared/api/sessions.ts';
import { builtInType, type TypeName } from './built-in-types.ts';

/** Answers `[oid, typmod]` pairs with names; types that the asker cannot see are missing. */
export type TypeLookup = (types: readonly (readonly [number, number])[]) => Promise<ReadonlyMap<string, TypeName>>;

export const typeKey = (oid: number, typmod: number): string => `${oid}/${typmod}`;

/** OIDs run past int4, hence bigint. `unnest` of two arrays is grammar, and only without its schema. */
export const typeLookupSql = `/* howdah:sessions.types */
select w.oid::text || '/' || w.typmod::text as key, pg_catalog.format_type(t.oid, w.typmod) as name,
  t.typcategory::text as category
from unnest($1::bigint[], $2::int4[]) as w(oid, typmod)
join pg_catalog.pg_type t on t.oid = w.oid::oid`;

export class ColumnTypes {
  readonly #known = new Map<string, TypeName>();
  readonly #lookup: TypeLookup;

  constructor(lookup: TypeLookup) {
    this.#lookup = lookup;
  }

  /** Never fails: a type that cannot be looked up (made in a transaction that is still open) is named by its OID. */
  async columns(fields: readonly FieldDef[]): Promise<Column[]> {
    const unknown = new Map<string, readonly [number, number]>();
    for (const { dataTypeID, dataTypeModifier } of fields) {
      if (!this.#find(dataTypeID, dataTypeModifier)) {
        unknown.set(typeKey(dataTypeID, dataTypeModifier), [dataTypeID, dataTypeModifier]);
      }
    }
    if (unknown.size > 0) {
      const found = await this.#lookup([...unknown.values()]).catch(() => new Map<string, TypeName>());
      for (const [key, type] of found) this.#known.set(key, type);
    }
    return fields.map((field) => this.#column(field));
  }

  /** Types may have been renamed or dropped: after DDL what was looked up is looked up again. */
  forget(): void {
    this.#known.clear();
  }

  #find(oid: number, typmod: number): TypeName | undefined {
    return builtInType(oid, typmod) ?? this.#known.get(typeKey(oid, typmod));
  }

  #column(field: FieldDef): Column {
    const type = this.#find(field.dataTypeID, field.dataTypeModifier);
    return {
      name: field.name,
      typeOid: field.dataTypeID,
      typeName: type?.name ?? `type ${field.dataTypeID}`,
      category: type?.category ?? 'X',
      tableOid: field.tableID,
      attributeNumber: field.columnID,
    };
  }
}
