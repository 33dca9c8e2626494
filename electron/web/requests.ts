/**
 * Every HTTP request of the browser host. Default is no: first the Host and Origin, then the token or the session
 * cookie, and only then one of four routes.
 *
 *   GET  /?token=…         exchanges the one-time token for a cookie and leads to /
 *   GET  /, /assets/…      the page
 *   GET  /download/<token> a file the backend finished
 *   POST /upload?name=…    a file for the backend; answers {token, name}
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { failureOf } from '../../shared/failure.ts';
import { pageFile, securityHeaders } from '../page-files.ts';
import type { Log } from '../platform.ts';
import type { Access } from './access.ts';
import type { Transfers } from './chosen-files.ts';

export interface RequestDeps {
  readonly access: Access;
  readonly transfers: Transfers;
  readonly pageFolder: string;
  readonly log: Log;
}

type Answer = (response: ServerResponse) => Promise<void> | void;

export function createRequestListener(deps: RequestDeps) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    response.setHeader('Cache-Control', 'no-store');
    try {
      await (await answerTo(request, deps))(response);
    } catch (error) {
      deps.log.warn('a request failed', { method: request.method, message: failureOf(error).message });
      if (response.headersSent) response.destroy();
      else plain(500, 'Something went wrong.')(response);
    }
  };
}

async function answerTo(request: IncomingMessage, deps: RequestDeps): Promise<Answer> {
  const { access } = deps;
  if (!access.hostAllowed(request)) return plain(421, 'This server does not answer to that name.');
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const parameters = new URLSearchParams(query);
  const reading = request.method === 'GET' || request.method === 'HEAD';
  if (!access.originAllowed(request, { needed: !reading })) return plain(403, 'Not from another site.');

  const token = parameters.get('token');
  if (request.method === 'GET' && path === '/' && token !== null) return signIn(request, token, access);
  if (!access.hasSession(request)) return plain(401, signInFirst);

  if (request.method === 'POST' && path === '/upload') return upload(request, parameters.get('name') ?? 'upload', deps);
  if (!reading) return plain(405, 'Not allowed.');
  if (path.startsWith('/download/')) return download(path.slice('/download/'.length), deps.transfers);
  return page(request, path, deps.pageFolder);
}

const signInFirst =
  'Howdah runs here, but this browser has not been let in yet.\n' +
  'Open the address that was printed in the terminal; each works once. Press Enter there for another.\n';

function signIn(request: IncomingMessage, token: string, access: Access): Answer {
  // An old link in a browser that is already in: just go on.
  const session = access.exchange(token);
  if (session === null && !access.hasSession(request)) return plain(401, signInFirst);
  return (response) => {
    if (session !== null) {
      response.setHeader('Set-Cookie', `${access.cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`);
    }
    if (request.headers['sec-fetch-site'] === 'cross-site') {
      // After a click on another site (a terminal in the browser) a redirect would not carry a Strict cookie; a page does.
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end('<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>Howdah</title>');
      return;
    }
    response.statusCode = 303;
    response.setHeader('Location', '/');
    response.end();
  };
}

async function page(request: IncomingMessage, path: string, folder: string): Promise<Answer> {
  const file = await pageFile(folder, path);
  if (!file) return plain(404, 'Not found.');
  return async (response) => {
    response.setHeader('Content-Type', file.type);
    response.setHeader('Content-Length', file.sizeBytes);
    if (file.immutable) response.setHeader('Cache-Control', 'private, max-age=31536000, immutable');
    await send(request, response, file.path);
  };
}

function download(token: string, transfers: Transfers): Answer {
  const found = transfers.download(token);
  if (found === 'unknown') return plain(404, 'Not found.');
  if (found === 'unfinished') return plain(409, 'The file is not finished yet.');
  return async (response) => {
    const { size } = await stat(found.path);
    response.setHeader('Content-Type', 'application/octet-stream');
    response.setHeader('Content-Length', size);
    response.setHeader('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`);
    await pipeline(createReadStream(found.path), response);
  };
}

async function upload(request: IncomingMessage, name: string, { transfers }: RequestDeps): Promise<Answer> {
  // A type that no HTML form can send.
  if (request.headers['content-type'] !== 'application/octet-stream') return plain(415, 'Send the file as it is.');
  try {
    const file = await transfers.receive(name, request);
    return json(200, file);
  } catch (error) {
    return json(failureOf(error).kind === 'invalid' ? 413 : 500, failureOf(error));
  }
}

async function send(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(path), response);
}

const plain =
  (status: number, text: string): Answer =>
  (response) => {
    response.statusCode = status;
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.end(text);
  };

const json =
  (status: number, body: unknown): Answer =>
  (response) => {
    response.statusCode = status;
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(body));
  };
