/** Names are cut by the server at 63 bytes; cut here, the later steps name the same thing. */
export function shortName(name: string): string {
  const bytes = new TextEncoder().encode(name);
  return bytes.length <= 63
    ? name
    : new TextDecoder('utf-8', { fatal: false }).decode(bytes.slice(0, 60)).replace(/\uFFFD+$/, '');
}
