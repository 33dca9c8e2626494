/** Serves the page under app://howdah: files of the bundle and nothing else, under the same headers as in the browser. */
import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { appHost, appScheme } from '../../shared/handover.ts';
import { pageFile, securityHeaders } from '../page-files.ts';

export const pageUrl = `${appScheme}://${appHost}/index.html`;
export const pageOrigin = `${appScheme}://${appHost}`;

export function serveAppProtocol(pageFolder: string): void {
  protocol.handle(appScheme, (request) => answer(request, pageFolder));
}

/** 404 for whatever is not plainly a file of the bundle. */
export async function answer(request: Pick<Request, 'url' | 'method'>, pageFolder: string): Promise<Response> {
  const path = request.method === 'GET' ? pathOf(request.url) : null;
  const file = path === null ? null : await pageFile(pageFolder, path);
  if (!file) return new Response('Not found.', { status: 404, headers: securityHeaders });
  return new Response(await readFile(file.path), { headers: { ...securityHeaders, 'Content-Type': file.type } });
}

/** The path as it was sent, not as a URL parser would tidy it: what needs tidying is refused. */
function pathOf(url: string): string | null {
  const prefix = `${appScheme}://${appHost}/`;
  if (!url.startsWith(prefix)) return null;
  return url.slice(prefix.length - 1).split(/[?#]/, 1)[0] ?? null;
}
