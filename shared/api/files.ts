/** Files cross as opaque tokens. Desktop: a native dialog. Browser: an upload, or a download when the work is done. */
import { z } from 'zod';
import { fileToken, operator } from './base.ts';

export const chosenFile = z.object({
  token: fileToken,
  /** The name without its folder, for display. */
  name: z.string(),
  /** In the browser: fetch this (same origin) once the file has been written. */
  downloadPath: z.string().optional(),
});
export type ChosenFile = z.infer<typeof chosenFile>;

const kind = z.object({ name: z.string().max(80), extensions: z.array(z.string().regex(/^[a-z0-9.]{1,16}$/)).max(8) });

export const files = {
  /** Null when the person closed the dialog without choosing. */
  chooseSave: operator
    .input(z.object({ suggestedName: z.string().min(1).max(200), kinds: z.array(kind).max(8) }))
    .output(chosenFile.nullable()),
  /** Null when the person closed the dialog; in the browser always null (upload instead: POST /upload). */
  chooseOpen: operator
    .input(z.object({ title: z.string().max(120), kinds: z.array(kind).max(8) }))
    .output(chosenFile.nullable()),
  /** Writes what the page has made (a picture, a small table) into a chosen file, and finishes it. */
  write: operator.input(z.object({ token: fileToken, base64: z.base64().max(48_000_000) })).output(z.void()),
  /** Forgets the token; a file not finished is removed. */
  release: operator.input(z.object({ token: fileToken })).output(z.void()),
  /** Shows a file this program wrote in the desktop's file manager. */
  reveal: operator.input(z.object({ token: fileToken })).output(z.void()),
};
