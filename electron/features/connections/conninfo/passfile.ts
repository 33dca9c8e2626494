/** libpq's password file: `host:port:database:user:password`, `*` for any, a backslash before a colon or backslash. */
export interface PassEntry {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export function parsePassfile(text: string): PassEntry[] {
  return text.split(/\r?\n/).flatMap((line) => {
    if (line === '' || line.startsWith('#')) return [];
    const [host, port, database, user, ...password] = fields(line);
    if (!host || !port || !database || !user || password.length === 0) return [];
    return [{ host, port, database, user, password: password[0] ?? '' }];
  });
}

/** Five fields; the rest of the line after the fifth colon is not looked at, as in libpq. */
function fields(line: string): string[] {
  const found: string[] = [];
  let field = '';
  for (let at = 0; at < line.length && found.length < 5; at++) {
    if (line[at] === '\\' && at + 1 < line.length) field += line[++at];
    else if (line[at] === ':') {
      found.push(field);
      field = '';
    } else field += line[at];
  }
  return found.length < 5 ? [...found, field] : found;
}

export interface PassKey {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** The first line that fits, as libpq does; `localhost` also stands for a socket in the usual folder. */
export function passwordFor(entries: readonly PassEntry[], key: PassKey): string | undefined {
  const host = key.host === '' || key.host === '/tmp' || key.host === '/var/run/postgresql' ? 'localhost' : key.host;
  const fits = (pattern: string, value: string) => pattern === '*' || pattern === value;
  return entries.find(
    (entry) =>
      (fits(entry.host, host) || entry.host === key.host) &&
      fits(entry.port, String(key.port)) &&
      fits(entry.database, key.database) &&
      fits(entry.user, key.user),
  )?.password;
}
