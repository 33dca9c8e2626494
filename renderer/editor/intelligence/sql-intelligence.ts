/** What the editor is told about a text by whoever knows the database. It asks at every key: answers have to be quick. */
import type { Completion } from '../../../shared/complete/complete.ts';
import type { Hover } from '../../../shared/complete/look/hover.ts';
import type { Renaming } from '../../../shared/complete/look/rename.ts';
import type { Signature } from '../../../shared/complete/look/signature.ts';

export interface SqlIntelligence {
  complete(text: string, caret: number): Completion | null;
  /** What `complete` waits for at the caret, as the keys of a JSON column; null: nothing. */
  awaited(text: string, caret: number): Promise<void> | null;
  hover(text: string, offset: number): Hover | null;
  /** The alias or CTE at the offset, and where else it is named. */
  rename(text: string, offset: number): Renaming | null;
  signature(text: string, caret: number): Signature | null;
  /** Opens what is named at the offset; false where nothing is. */
  openDefinition(text: string, offset: number): boolean;
}
