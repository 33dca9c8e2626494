/** Which column of a table stands for its rows in words. */

/** Likely names, the best first. */
const likely = [
  /^(full_?)?name$/,
  /^title$/,
  /^label$/,
  /^(display|short|long|common|legal|company|user|login)_?name$/,
  /_?name$/,
  /_?title$/,
  /_?label$/,
  /^(sku|slug|code|number|reference|ref)$/,
  /_(sku|slug|code|number|no|nr)$/,
  /^e?mail$/,
  /^subject$/,
  /^description$/,
];

/** Columns with text in them, the likeliest to name a row first; those of the key itself say nothing new. */
export function bestLabels(textColumns: readonly string[], key: readonly string[]): string[] {
  const rank = (column: string): number => {
    const at = likely.findIndex((pattern) => pattern.test(column.toLowerCase()));
    return at < 0 ? likely.length : at;
  };
  return textColumns.filter((column) => !key.includes(column)).sort((a, b) => rank(a) - rank(b));
}
