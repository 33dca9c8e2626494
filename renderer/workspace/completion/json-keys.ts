/** The keys of JSON columns that the editor has asked for: each place once a while, and only when somebody types there. */
import type { Catalog } from '../../../shared/complete/catalog.ts';
import { type JsonKey, type JsonPlace, jsonPlaceAt } from '../../../shared/complete/look/json-place.ts';
import type { Where } from '../../client/catalogs.ts';
import { client } from '../../client/connect.ts';

/** What was looked at is soon a little old, which does no harm. */
const trustedMs = 300_000;

interface Known {
  readonly atMs: number;
  readonly asked: Promise<void>;
  keys: readonly JsonKey[] | undefined;
}
const all = new Map<string, Known>();

const nameOf = (where: Where, { relation, column, path }: JsonPlace): string =>
  JSON.stringify([where, relation.oid, column, path]);

export const jsonKeysOf =
  (where: Where) =>
  (place: JsonPlace): readonly JsonKey[] | undefined =>
    all.get(nameOf(where, place))?.keys;

/** What has to be known before suggestions at the caret can be made; null: they can be made now. */
export function jsonKeysAwaited(where: Where, catalog: Catalog, text: string, caret: number): Promise<void> | null {
  const place = jsonPlaceAt(catalog, text, caret);
  if (!place) return null;
  const name = nameOf(where, place);
  const known = all.get(name);
  if (known && performance.now() - known.atMs < trustedMs) return known.keys ? null : known.asked;
  const { relation, column, path } = place;
  const { schema, name: table } = relation;
  // A server that does not answer offers nothing, and is asked again later.
  const ask = async () => {
    const keys = client.catalog.jsonKeys({ ...where, schema, table, column, under: [...path] });
    fresh.keys = await keys.catch(() => known?.keys ?? []);
  };
  const asked = Promise.resolve().then(ask);
  const fresh: Known = { atMs: performance.now(), asked, keys: known?.keys };
  all.set(name, fresh);
  return asked;
}
