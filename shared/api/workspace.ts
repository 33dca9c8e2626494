/** What is open, so that nothing is lost: tabs, their text and caret, and the layout. */
import { z } from 'zod';
import { id, instantMs, operator } from './base.ts';

/** One open tab. `place` is the page's own description of where it is (renderer/workspace/tab.ts), plain data. */
export const savedTab = z.object({
  id,
  place: z.record(z.string(), z.unknown()),
  title: z.string().max(300),
  position: z.number().int(),
  active: z.boolean(),
});
export type SavedTab = z.infer<typeof savedTab>;
/** The text of an editor tab; kept with earlier versions. */
export const savedText = z.object({
  tabId: id,
  text: z.string().max(64_000_000),
  caret: z.number().int(),
  scrollTop: z.number(),
  savedAtMs: instantMs,
});
export type SavedText = z.infer<typeof savedText>;

export const workspace = {
  /**
   * Takes the workspace a window had (`wanted`), or the one used last that no window holds, or a new one; a second
   * program on the same folder gets its own. Nothing in it is run.
   */
  open: operator.input(z.object({ wanted: id.nullable() })).output(
    z.object({
      windowId: id,
      tabs: z.array(savedTab),
      texts: z.array(savedText),
      layout: z.record(z.string(), z.unknown()),
    }),
  ),
  saveTabs: operator.input(z.object({ windowId: id, tabs: z.array(savedTab).max(500) })).output(z.void()),
  saveText: operator.input(savedText.omit({ savedAtMs: true })).output(z.object({ savedAtMs: instantMs })),
  saveLayout: operator.input(z.object({ windowId: id, layout: z.record(z.string(), z.unknown()) })).output(z.void()),
  /** Tabs that were closed, newest first, to be opened again. */
  closed: operator
    .input(z.object({ limit: z.number().int().max(100) }))
    .output(z.array(z.object({ tab: savedTab, closedAtMs: instantMs }))),
  /** The text of a tab that was closed, or null. */
  text: operator.input(z.object({ tabId: id })).output(savedText.nullable()),
  /** Earlier versions of a tab's text. */
  versions: operator.input(z.object({ tabId: id })).output(z.array(savedText)),
};
