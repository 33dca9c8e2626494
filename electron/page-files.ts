/**
 * The page's own files, for both hosts: which file a URL path means (never one outside the bundle), its type, and the
 * headers the page is served under.
 */
import { realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

/**
 * No foreign host, no inline script, no eval, no frames. Inline *styles* are needed by Monaco: without them its lines
 * overlap.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every answer of both hosts, whatever it carries. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.ttf': 'font/ttf',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

export interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly sizeBytes: number;
  /** Named after its content by the bundler, so that it may be kept for ever. */
  readonly immutable: boolean;
}

/**
 * The file of the bundle that a URL path names; null for everything else: what does not exist, what is no plain file of
 * a known type, and what lies outside after every link was followed.
 * @param root the bundle's folder
 * @param urlPath as in the request, still percent-encoded; decoded exactly once
 */
export async function pageFile(root: string, urlPath: string): Promise<PageFile | null> {
  const names = namesIn(urlPath);
  if (!names) return null;
  const type = types[extname(names.at(-1) ?? '').toLowerCase()];
  if (!type) return null;
  try {
    const realRoot = await realpath(root);
    const path = await realpath(join(realRoot, ...names));
    if (!path.startsWith(realRoot + sep)) return null;
    const facts = await stat(path);
    if (!facts.isFile()) return null;
    return { path, type, sizeBytes: facts.size, immutable: names.length > 1 && names[0] === 'assets' };
  } catch {
    return null;
  }
}

/** The path's names, or null where one of them could mean anything but itself on any of the three systems. */
function namesIn(urlPath: string): string[] | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  const names = (decoded === '/' ? '/index.html' : decoded).split('/').slice(1);
  return names.length > 0 && decoded.startsWith('/') && names.every(isPlainName) ? names : null;
}

const isPlainName = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9._ -]*$/.test(name) && !name.includes('..');
