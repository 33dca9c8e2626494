/** Where in a text something is, in the words a person uses. */

/** 1-based line and column (UTF-16 code units) of an offset. Lines end at \n, \r\n or \r, as editors count them. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  const breaks = /\r\n|\n|\r/g;
  for (let found = breaks.exec(text); found !== null && breaks.lastIndex <= offset; found = breaks.exec(text)) {
    line++;
    start = breaks.lastIndex;
  }
  return { line, column: offset - start + 1 };
}

/** "line 3, column 7". @param firstLine what the text's first line is called */
export function placeInWords(text: string, offset: number, firstLine = 1): string {
  const { line, column } = placeOf(text, offset);
  return `line ${line + firstLine - 1}, column ${column}`;
}
