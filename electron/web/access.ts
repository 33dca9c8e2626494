/**
 * Who may talk to the browser host: holders of a cookie that was exchanged for a one-time token from the terminal, on
 * pages that this server served itself. Being on the same machine is no proof of anything.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface Access {
  /** A fresh one-time token; those not yet used stay good. */
  newToken(): string;
  /** Uses up the token: the value of a new session's cookie, or null for a token nobody gave out or used before. */
  exchange(token: string): string | null;
  readonly cookieName: string;
  /** False for a Host header that is not this server's own address: another name was made to lead here. */
  hostAllowed(request: IncomingMessage): boolean;
  /** False where the request says that another origin's page made it. A missing Origin is allowed only by `needed: false`. */
  originAllowed(request: IncomingMessage, options: { needed: boolean }): boolean;
  hasSession(request: IncomingMessage): boolean;
}

/** More open links than anyone needs; the oldest goes. */
const mostTokens = 16;

export function createAccess(port: number): Access {
  const tokens: Buffer[] = [];
  const sessions: Buffer[] = [];
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  // Cookies do not know ports: two servers on one machine would otherwise overwrite each other's.
  const cookieName = `howdah-${port}`;

  return {
    cookieName,
    newToken() {
      const token = randomBytes(32).toString('base64url');
      tokens.push(digest(token));
      if (tokens.length > mostTokens) tokens.shift();
      return token;
    },
    exchange(token) {
      const found = indexOf(tokens, token);
      if (found < 0) return null;
      tokens.splice(found, 1);
      const session = randomBytes(32).toString('base64url');
      sessions.push(digest(session));
      return session;
    },
    hostAllowed: (request) => hosts.includes(request.headers.host ?? ''),
    originAllowed(request, { needed }) {
      const { origin } = request.headers;
      if (origin === undefined) return !needed && fetchSiteAllowed(request);
      return origin === `http://${request.headers.host}`;
    },
    hasSession: (request) => {
      const value = cookie(request, cookieName);
      return value !== null && indexOf(sessions, value) >= 0;
    },
  };
}

/** A browser says where a request without Origin came from. Opening the page itself is allowed from anywhere. */
function fetchSiteAllowed(request: IncomingMessage): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'none' || site === 'same-origin') return true;
  return request.headers['sec-fetch-mode'] === 'navigate' && request.headers['sec-fetch-dest'] === 'document';
}

function cookie(request: IncomingMessage, name: string): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}

/** Only digests are kept and compared, so that neither length nor time tells anything. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function indexOf(digests: readonly Buffer[], text: string): number {
  const wanted = digest(text);
  return digests.findIndex((known) => timingSafeEqual(known, wanted));
}
