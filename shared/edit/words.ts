/** A name in a sentence. */
export const visibleName = (name: string): string => `“${name.replace(/\p{C}/gu, '\u{fffd}')}”`;
