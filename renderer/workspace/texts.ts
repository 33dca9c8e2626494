/** The texts of editor tabs, outside React: written at every key, read when a tab is shown and when it is saved. */

export interface TabText {
  readonly text: string;
  readonly caret: number;
  readonly scrollTop: number;
}

/** Editors that report a long text when the typing rests: asked for it at once. */
const flushers = new Map<string, () => void>();
export function onFlush(tabId: string, flush: () => void): () => void {
  flushers.set(tabId, flush);
  return () => flushers.delete(tabId);
}
/** The text as it is on the screen. */
export function textNow(tabId: string): TabText {
  flushers.get(tabId)?.();
  return textOf(tabId);
}

const texts = new Map<string, TabText>();
const listeners = new Set<(tabId: string) => void>();
const empty: TabText = { text: '', caret: 0, scrollTop: 0 };

export const textOf = (tabId: string): TabText => texts.get(tabId) ?? empty;
export const hasText = (tabId: string): boolean => texts.has(tabId);

/** Puts a text without telling the savers: it came from the store. */
export function restoreText(tabId: string, text: TabText): void {
  texts.set(tabId, text);
}

export function changeText(tabId: string, change: Partial<TabText>): void {
  texts.set(tabId, { ...textOf(tabId), ...change });
  for (const listener of listeners) listener(tabId);
}

export function forgetText(tabId: string): void {
  texts.delete(tabId);
}

export function onTextChange(listener: (tabId: string) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
