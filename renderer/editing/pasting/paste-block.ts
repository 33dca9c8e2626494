/** Cells from a spreadsheet: tab-separated, quotes around what holds tabs, line ends or quotes. */
export function readBlock(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let at = 0;
  const endCell = () => {
    row.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    rows.push(row);
    row = [];
  };
  while (at < text.length) {
    const sign = text.charAt(at);
    if (sign === '"' && cell === '') {
      const read = quoted(text, at);
      if (read) {
        cell = read.value;
        at = read.to;
        continue;
      }
    }
    if (sign === '\t') endCell();
    else if (sign === '\n') endRow();
    else if (sign === '\r' && text[at + 1] === '\n') {
      endRow();
      at++;
    } else cell += sign;
    at++;
  }
  if (cell !== '' || row.length > 0) endRow();
  return rows;
}

/** A quoted cell ends where a cell may end; else the quote is a sign like others. */
function quoted(text: string, from: number): { value: string; to: number } | null {
  let value = '';
  for (let at = from + 1; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign !== '"') value += sign;
    else if (text[at + 1] === '"') {
      value += '"';
      at++;
    } else {
      const next = text[at + 1];
      return next === undefined || next === '\t' || next === '\n' || next === '\r' ? { value, to: at + 1 } : null;
    }
  }
  return null;
}

/**
 * Which column of the block goes to which position: by the names in its first row where they are names of columns, else
 * from the cursor on. Null: nowhere.
 */
export function mapBlock(
  block: readonly (readonly string[])[],
  names: readonly string[],
  visible: readonly number[],
  from: number,
): { header: boolean; positions: (number | null)[] } {
  const first = block[0] ?? [];
  const width = Math.max(0, ...block.map((row) => row.length));
  const found = first.map((cell) => names.findIndex((name) => name.toLowerCase() === cell.trim().toLowerCase()));
  const header = block.length > 1 && found.filter((at) => at >= 0).length > first.length / 2;
  const positions = Array.from({ length: width }, (_, at) =>
    header ? (found[at] !== undefined && found[at] >= 0 ? found[at] : null) : (visible[from + at] ?? null),
  );
  return { header, positions };
}
