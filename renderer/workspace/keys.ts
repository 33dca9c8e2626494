/** Key combinations as text ('Mod+Shift+Enter'): matching an event, and showing them as the platform does. */

export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** True where the event is exactly that combination. */
export function keysMatch(
  keys: string,
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
  mac = isMac,
): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1) === '' ? '+' : (parts.at(-1) ?? '');
  const wants = (name: string) => parts.slice(0, -1).includes(name);
  const ctrl = wants('Ctrl') || (!mac && wants('Mod'));
  const meta = mac && wants('Mod');
  if (
    event.ctrlKey !== ctrl ||
    event.metaKey !== meta ||
    event.altKey !== wants('Alt') ||
    event.shiftKey !== wants('Shift')
  )
    return false;
  if (event.key.toLowerCase() === key.toLowerCase()) return true;
  // With Alt or Shift held the character may be another one: the physical key of a letter still counts.
  return /^[a-z]$/i.test(key) && event.code === `Key${key.toUpperCase()}`;
}

const macSigns: Record<string, string> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧', Enter: '↩', Escape: '⎋' };

/** "Ctrl+Shift+Enter", or "⇧⌘↩" on a Mac. */
export function shownKeys(keys: string, mac = isMac): string {
  const parts = keys.split('+').map((part) => (part === '' ? '+' : part));
  if (!mac) return parts.map((part) => (part === 'Mod' ? 'Ctrl' : part)).join('+');
  return parts.map((part) => macSigns[part] ?? part.toUpperCase()).join('');
}
