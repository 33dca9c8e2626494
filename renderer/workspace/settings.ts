/** The person's settings as the page knows them; written through the backend, which tells every window. */
import { create } from 'zustand';
import type { Settings } from '../../shared/api/app.ts';
import { defaultStyle } from '../../shared/format/style.ts';

export const useSettings = create<Settings>(() => ({
  theme: 'system',
  rowLimit: 500_000,
  editorFontSizePx: 13,
  stopOnError: true,
  statementTimeoutMs: null,
  lockTimeoutMs: null,
  longRunMs: 10_000,
  checksOff: [],
  checkOnServer: true,
  editorMemory: true,
  vcpus: {},
  format: defaultStyle,
}));
