/**
 * Makes what hides in a text visible: control, zero-width and direction-changing characters become a marked code
 * point, so that a name cannot look like another one. The text itself is never changed, only how it is shown.
 */
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]/g;

/** True where `visibleText` would change something. */
export const hidesSomething = (text: string): boolean => text.search(hidden) >= 0;

/** `visibleText` for a text of several lines: line breaks and tabs do what they do. */
export const visibleLines = (text: string): string =>
  text
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : visibleText(part)))
    .join('');

/** `a<U+202E>b` for a hidden direction mark between a and b; spaces stay as they are. */
export const visibleText = (text: string): string =>
  text.replace(hidden, (char) => `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`);
