/** A file of this machine for the backend: by the system's dialog on the desktop, by an upload in a browser. */
import { appScheme } from '../../shared/handover.ts';
import { client } from './connect.ts';

export interface WantedFile {
  readonly title: string;
  readonly kind: { readonly name: string; readonly extensions: readonly string[] };
}

/** The token the backend knows it by, and its name; null when nothing was chosen. */
export async function chooseFile({ title, kind }: WantedFile): Promise<{ token: string; name: string } | null> {
  if (window.location.protocol === `${appScheme}:`) {
    return client.files.chooseOpen({ title, kinds: [{ name: kind.name, extensions: [...kind.extensions] }] });
  }
  const file = await pick(kind.extensions.map((each) => `.${each}`).join(','));
  return file && upload(file);
}

function pick(accept: string): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

async function upload(file: File): Promise<{ token: string; name: string }> {
  const answer = await fetch(`/upload?name=${encodeURIComponent(file.name)}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: file,
  });
  const body: unknown = await answer.json().catch(() => null);
  const said = typeof body === 'object' && body !== null ? body : {};
  if (answer.ok && 'token' in said && typeof said.token === 'string') return { token: said.token, name: file.name };
  throw new Error('message' in said ? String(said.message) : `The file could not be handed over (${answer.status}).`);
}
