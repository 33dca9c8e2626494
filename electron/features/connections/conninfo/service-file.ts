/** pg_service.conf: `[name]`, then `keyword=value` lines; a line that begins with # is a comment. */
import type { Conninfo } from './conninfo.ts';

/** In the file's order; of two services with one name the first counts, as in libpq. */
export function parseServiceFile(text: string): ReadonlyMap<string, Conninfo> {
  const services = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const section = /^\[(.+)\]$/.exec(line)?.[1];
    if (section !== undefined) {
      current = new Map();
      if (!services.has(section)) services.set(section, current);
      continue;
    }
    const equals = line.indexOf('=');
    // LDAP lookups and nested services are not followed.
    if (equals <= 0 || /^ldaps?:/i.test(line)) continue;
    const name = line.slice(0, equals).trim();
    if (name !== 'service') current?.set(name, line.slice(equals + 1).trim());
  }
  return services;
}
