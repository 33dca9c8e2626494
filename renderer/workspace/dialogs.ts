/** Which of the shell's dialogs is open; any page may ask for one. */
import { create } from 'zustand';
import type { CopyWhat, ScriptWhat } from './transfer/copy-what.ts';
import type { ExportWhat } from './transfer/export-what.ts';
import type { ImportWhat } from './transfer/import-what.ts';

export type OpenDialog =
  | { readonly kind: 'connection'; readonly connectionId?: string }
  | { readonly kind: 'import' }
  | { readonly kind: 'removeConnection'; readonly connectionId: string }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'sample' }
  | { readonly kind: 'palette' }
  | { readonly kind: 'export'; readonly what: ExportWhat }
  | { readonly kind: 'importRows'; readonly what: ImportWhat }
  | { readonly kind: 'script'; readonly what: ScriptWhat }
  | { readonly kind: 'copyRows'; readonly what: CopyWhat };

export const useDialogs = create<{ readonly dialog: OpenDialog | null }>(() => ({ dialog: null }));
export const openDialog = (dialog: OpenDialog): void => useDialogs.setState({ dialog });
export const closeDialog = (): void => useDialogs.setState({ dialog: null });
