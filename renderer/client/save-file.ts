/** Saves something the page has made, where the person wants it. */
import type { ChosenFile } from '../../shared/api/files.ts';
import { client } from './connect.ts';

export interface MadeFile {
  readonly suggestedName: string;
  /** "PNG", and what such a file's name ends with. */
  readonly kind: { readonly name: string; readonly extension: string };
  readonly content: Blob;
}

/** In pieces: `String.fromCharCode` takes only so many arguments. */
const pieceBytes = 32_768;

async function base64Of(content: Blob): Promise<string> {
  const bytes = new Uint8Array(await content.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    binary += String.fromCharCode(...bytes.subarray(at, at + pieceBytes));
  }
  return btoa(binary);
}

/**
 * Asks for a place (a browser's download needs none), writes, and starts the download where that is how files go.
 * @returns the name it was given; null when the person closed the dialog
 */
export async function saveFile({ suggestedName, kind, content }: MadeFile): Promise<string | null> {
  const file = await client.files.chooseSave({
    suggestedName,
    kinds: [{ name: kind.name, extensions: [kind.extension] }],
  });
  if (!file) return null;
  await client.files.write({ token: file.token, base64: await base64Of(content) });
  startDownload(file);
  return file.name;
}

/** Fetches a written file where that is how files go: in the browser. */
export function startDownload({ downloadPath, name }: ChosenFile): void {
  if (!downloadPath) return;
  const link = document.createElement('a');
  link.href = downloadPath;
  link.download = name;
  link.click();
}
