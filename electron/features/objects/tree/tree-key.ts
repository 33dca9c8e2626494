/**
 * Keys of the tree: the way down, one piece a level. `schema:2200/table/table:16385/column/column:16385.3`.
 * A piece with a colon is an object (kind, oid, sub-id), one without is a folder of the object before it. Oids do not
 * change over refreshes and need no quoting, so a key stands whatever the names are.
 */
import { type FolderKind, folderKinds, type ObjectKind, objectKinds } from '../../../../shared/api/objects.ts';
import { invalid } from '../../../../shared/failure.ts';

export type TreePlace =
  | { readonly at: 'object'; readonly kind: ObjectKind; readonly oid: number }
  | { readonly at: 'folder'; readonly folder: FolderKind; readonly ownerOid: number };

export const objectKey = (parent: string | null, kind: ObjectKind, oid: number, subId?: number | null): string =>
  `${parent === null ? '' : `${parent}/`}${kind}:${oid}${subId ? `.${subId}` : ''}`;
export const folderKey = (parent: string | null, folder: FolderKind): string =>
  parent === null ? folder : `${parent}/${folder}`;

const kinds: ReadonlySet<string> = new Set(objectKinds);
const folders: ReadonlySet<string> = new Set(folderKinds);
const isKind = (word: string): word is ObjectKind => kinds.has(word);
const isFolder = (word: string): word is FolderKind => folders.has(word);

function objectPiece(piece: string): { kind: ObjectKind; oid: number } | null {
  const match = /^([A-Za-z]+):(\d{1,10})(?:\.\d{1,5})?$/.exec(piece);
  const kind = match?.[1] ?? '';
  return match && isKind(kind) ? { kind, oid: Number(match[2]) } : null;
}

/** Where a key leads. Throws invalid for what is not a key of ours. */
export function parseTreeKey(key: string): TreePlace {
  const pieces = key.split('/');
  const last = pieces.at(-1) ?? '';
  const object = objectPiece(last);
  if (object) return { at: 'object', ...object };
  const owner = pieces.length > 1 ? objectPiece(pieces.at(-2) ?? '') : null;
  if (!isFolder(last) || (pieces.length > 1 && !owner)) throw invalid('key', 'This is not a place in the tree.');
  return { at: 'folder', folder: last, ownerOid: owner?.oid ?? 0 };
}
