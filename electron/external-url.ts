/** Which addresses the program hands to the person's browser or mail program. Both hosts ask here before they do. */
import { invalid } from '../shared/failure.ts';

const allowed = ['https:', 'mailto:'];

/**
 * The address in its canonical form.
 * @throws invalid where it is not plainly a web page (https, no user name or password in it) or a mail address
 */
export function externalUrl(text: string): string {
  const refuse = () => invalid('url', 'Only https pages and mailto addresses are opened.');
  if (hasControlCharacter(text) || !URL.canParse(text)) throw refuse();
  const url = new URL(text);
  if (!allowed.includes(url.protocol) || url.username || url.password) throw refuse();
  return url.href;
}

/** A NUL cuts the address on its way to the system; other control characters hide what it is. */
const hasControlCharacter = (text: string): boolean =>
  [...text].some((character) => character <= '\u001f' || character === '\u007f');
