/** What the dialogs of scripts and copies are opened with. */
import type { CopyPlace, CopySource } from '../../../shared/api/table-copy.ts';

export interface CopyWhat {
  readonly from: CopyPlace;
  readonly source: CopySource;
}
export interface ScriptWhat extends CopyPlace {
  /** Chosen already. */
  readonly file?: { readonly token: string; readonly name: string };
}
