/** Names of relations in payloads of NOTIFY. */

const oneName = /^(?:(?:"(?:[^"]|"")+"|[^".\s]+)\.)?("(?:[^"]|"")+"|[^".\s]+)$/;

/** The relation that a payload names, without its schema, as the catalog has it; null where it is no name. */
export function relationNamed(payload: string): string | null {
  const name = oneName.exec(payload.trim())?.[1];
  if (name === undefined) return null;
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
