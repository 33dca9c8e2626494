/** Search in a database: keeps one index a source, reads it anew when the catalog has changed, and puts hits into the tree. */
import type { FolderKind, ObjectKind, TreeNode } from '../../../../shared/api/objects.ts';
import { kindWords } from '../../../../shared/api/objects.ts';
import type { Asker } from '../../../postgres/ddl/asker.ts';
import { folderKey, objectKey } from '../tree/tree-key.ts';
import { searchFingerprint } from './search.sql.ts';
import { type SearchHit, SearchIndex } from './search-index.ts';

/** Within this time a search asks the server nothing. */
const trustedMs = 5_000;
/** A fingerprint sees neither a renamed column nor a changed comment: after this long it is not believed. */
const believedMs = 60_000;
/** Where reading took longer than this, searches answer from what is there while a new index is being read. */
const quickMs = 150;

interface Kept {
  readonly index: SearchIndex;
  readonly fingerprint: string;
  readonly readAtMs: number;
  readonly tookMs: number;
}
interface Slot {
  kept: Kept | null;
  reading: Promise<Kept> | null;
  checkedAtMs: number;
}
const slots = new WeakMap<Asker, Map<boolean, Slot>>();

function slotOf(asker: Asker, includeSystem: boolean): Slot {
  const ofAsker = slots.get(asker) ?? new Map<boolean, Slot>();
  slots.set(asker, ofAsker);
  const slot = ofAsker.get(includeSystem) ?? { kept: null, reading: null, checkedAtMs: 0 };
  ofAsker.set(includeSystem, slot);
  return slot;
}

function read(asker: Asker, slot: Slot, includeSystem: boolean): Promise<Kept> {
  slot.reading ??= (async () => {
    const began = performance.now();
    try {
      const [fingerprint] = await asker.ask(searchFingerprint);
      const index = await SearchIndex.read(asker, includeSystem);
      const now = performance.now();
      slot.checkedAtMs = now;
      slot.kept = { index, fingerprint: fingerprint?.fingerprint ?? '', readAtMs: now, tookMs: now - began };
      return slot.kept;
    } finally {
      slot.reading = null;
    }
  })();
  return slot.reading;
}

async function indexOf(asker: Asker, includeSystem: boolean): Promise<SearchIndex> {
  const slot = slotOf(asker, includeSystem);
  const { kept } = slot;
  if (!kept) return (await read(asker, slot, includeSystem)).index;
  const now = performance.now();
  if (now - slot.checkedAtMs < trustedMs) return kept.index;
  slot.checkedAtMs = now;
  const [found] = now - kept.readAtMs < believedMs ? await asker.ask(searchFingerprint) : [];
  if (found?.fingerprint === kept.fingerprint) return kept.index;
  const fresh = read(asker, slot, includeSystem);
  if (kept.tookMs < quickMs) return (await fresh).index;
  fresh.catch(() => undefined); // what is there still answers; the next search tries again
  return kept.index;
}

/** Begins reading what search needs, so that the first search does not wait. Failures are left to that search. */
export function warmSearch(asker: Asker): void {
  const slot = slotOf(asker, false);
  if (!slot.kept && !slot.reading) read(asker, slot, false).catch(() => undefined);
}

/** The next search reads the catalog afresh. */
export const forgetSearch = (asker: Asker): void => void slots.delete(asker);

export interface FoundNode {
  readonly node: TreeNode;
  readonly path: { readonly key: string; readonly label: string }[];
}

/** Objects whose names or comments match, best first, each with its way down from the root of the tree. */
export async function searchObjects(
  asker: Asker,
  input: { text: string; limit: number; kinds?: readonly ObjectKind[]; includeSystem?: boolean },
): Promise<FoundNode[]> {
  const index = await indexOf(asker, input.includeSystem ?? false);
  const hits = await index.search(input.text, input.limit, input.kinds);
  return hits.map(placeInTree);
}

/** The folder of its parent that a hit is listed in. */
function folderOf(hit: SearchHit, parent: SearchHit | undefined): FolderKind | null {
  if (hit.kind === 'schema') return null;
  if (parent && parent.kind !== 'schema' && ['table', 'partitionedTable', 'foreignTable'].includes(hit.kind))
    return 'partition';
  return hit.kind === 'partitionedTable' ? 'table' : hit.kind;
}

function placeInTree(hit: SearchHit): FoundNode {
  const path: { key: string; label: string }[] = [];
  let key: string | null = null;
  for (const [depth, step] of [...hit.ancestors, hit].entries()) {
    const folder = folderOf(step, hit.ancestors[depth - 1]);
    if (folder) {
      key = folderKey(key, folder);
      path.push({ key, label: kindWords[folder][1] });
    }
    key = objectKey(key, step.kind, step.oid, step.subId);
    if (step !== hit) path.push({ key, label: step.name });
  }
  const { kind, oid, subId, name, comment } = hit;
  const schema = hit.ancestors.find((step) => step.kind === 'schema')?.name ?? null;
  const detail = hit.ancestors.map((step) => step.name).join('.');
  return {
    node: {
      key: key ?? '',
      label: name,
      ...(detail ? { detail } : {}),
      ...(comment ? { comment } : {}),
      object: { kind, oid, ...(subId ? { subId } : {}), schema, name },
      hasChildren: hit.kind === 'schema',
    },
    path,
  };
}
