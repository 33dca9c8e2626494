/** libpq's two ways to write a connection, read into its keywords: `postgres://…` and `host=… dbname='…'`. */
import { invalid } from '../../../../shared/failure.ts';

/** libpq's keyword to its value, as written; lists of hosts are still lists. */
export type Conninfo = ReadonlyMap<string, string>;

/** A scheme, with what other tools put around it: `jdbc:`, `+psycopg2`. */
const scheme = /^(?:jdbc:)?postgres(?:ql)?(?:\+[a-z0-9_]+)?:\/\//i;

export const isConnectionUrl = (text: string): boolean => scheme.test(text.trim());

/** Throws invalid('text') for what libpq would refuse too. */
export const parseConninfo = (text: string): Conninfo =>
  isConnectionUrl(text) ? parseUrl(text.trim()) : parseKeywords(text);

const wrong = (message: string) => invalid('text', message);

/**
 * `postgresql://[user[:password]@][host[:port][,…]][/dbname][?name=value[&…]]`, every part percent-encoded; an IPv6
 * address in brackets; the folder of a socket percent-encoded as the host.
 */
export function parseUrl(text: string): Conninfo {
  const found = new Map<string, string>();
  const put = (name: string, value: string | undefined) => {
    if (value) found.set(name, decode(value));
  };
  const [, beforeQuery = '', query] = /^([^?]*)(?:\?(.*))?$/s.exec(text.replace(scheme, '')) ?? [];
  const slash = beforeQuery.indexOf('/');
  const authority = slash < 0 ? beforeQuery : beforeQuery.slice(0, slash);
  // As libpq: the first @ ends the user and password.
  const at = authority.indexOf('@');
  if (at >= 0) {
    const [, user, password] = /^([^:]*)(?::(.*))?$/s.exec(authority.slice(0, at)) ?? [];
    put('user', user);
    put('password', password);
  }
  const hosts = authority.slice(at + 1);
  if (hosts.includes('@')) throw wrong('There is more than one @. Write an @ inside the password as %40.');
  const parts = hosts.split(',').map(hostAndPort);
  put('host', parts.map(({ host }) => host).join(','));
  if (parts.some(({ port }) => port !== '')) put('port', parts.map(({ port }) => port).join(','));
  if (slash >= 0) put('dbname', beforeQuery.slice(slash + 1));
  for (const pair of (query ?? '').split('&').filter(Boolean)) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) throw wrong(`"${pair.slice(0, 40)}" is not of the form name=value.`);
    found.set(decode(name), decode(value));
  }
  return found;
}

function hostAndPort(text: string): { host: string; port: string } {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/s.exec(text);
  if (!match) throw wrong(`"${text.slice(0, 60)}" is not a host. An IPv6 address stands in brackets: [::1].`);
  return { host: match[1] ?? match[2] ?? '', port: match[3] ?? '' };
}

function decode(text: string): string {
  try {
    const decoded = decodeURIComponent(text);
    if (decoded.includes('\0')) throw new URIError('NUL');
    return decoded;
  } catch {
    throw wrong('A % must be followed by two hexadecimal digits (a percent sign itself is %25).');
  }
}

/** `name = value …`; a value in single quotes may hold spaces; a backslash takes the next character as it is. */
export function parseKeywords(text: string): Conninfo {
  const found = new Map<string, string>();
  const space = /\s*/y;
  const name = /([^=\s]+)\s*/y;
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return undefined;
    at = pattern.lastIndex;
    return match[1] ?? match[0];
  };
  take(space);
  while (at < text.length) {
    const word = take(name);
    if (word === undefined || text[at] !== '=') throw wrong(`Expected = after "${(word ?? '').slice(0, 40)}".`);
    at++;
    take(space);
    const { value, end } = text[at] === "'" ? quoted(text, at + 1, word) : bare(text, at);
    found.set(word, value);
    at = end;
    take(space);
  }
  return found;
}

function quoted(text: string, from: number, word: string): { value: string; end: number } {
  let value = '';
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") return { value, end: at + 1 };
    if (text[at] === '\\') at++;
    value += text[at] ?? '';
  }
  throw wrong(`The quote of ${word.slice(0, 40)} is not closed.`);
}

function bare(text: string, from: number): { value: string; end: number } {
  let value = '';
  let at = from;
  for (; at < text.length && !/\s/.test(text[at] as string); at++) {
    if (text[at] === '\\') at++;
    value += text[at] ?? '';
  }
  return { value, end: at };
}
