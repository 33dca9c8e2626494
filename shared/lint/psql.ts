/** What to do instead of psql's own commands, which no server knows. */
const instead: Readonly<Record<string, string>> = {
  d: 'Look the object up in the tree at the left, or press F12 on its name.',
  dt: 'The tree at the left lists the tables.',
  dn: 'The tree at the left lists the schemas.',
  df: 'The tree at the left lists the functions.',
  du: 'The tree at the left lists the roles.',
  l: 'The tree at the left lists the databases.',
  c: 'Choose the database in the toolbar of the tab.',
  connect: 'Choose the connection and the database in the toolbar of the tab.',
  x: 'Press F2 on a row of the result to see it as a record.',
  timing: 'Every statement is timed: see Messages.',
  i: 'Open the file and run its text.',
  ir: 'Open the file and run its text.',
  copy: 'Export the result, or import a file, from the menu.',
  g: 'End the statement with a semicolon.',
  gx: 'End the statement with a semicolon.',
  gset: 'Write the values into the statement, or use parameters.',
  set: 'Write the value into the statement, or use a parameter.',
  echo: "Use select 'text'.",
  watch: 'Run the statement again with Ctrl+Enter.',
  q: 'Close the tab.',
  e: 'This is the editor.',
  sf: 'Open the function from the tree to see its definition.',
  sv: 'Open the view from the tree to see its definition.',
  encoding: 'Texts are always UTF-8 here.',
};

/** The command at a backslash, `\dt+` as `\dt`, and what does the same here. */
export function psqlCommand(
  text: string,
  at: number,
): { readonly to: number; readonly name: string; readonly hint: string } {
  const command = /\\[A-Za-z!?.+]*/y;
  command.lastIndex = at;
  const name = (command.exec(text)?.[0] ?? '\\').slice(0, 40);
  const word = name.slice(1).replace(/[+S]+$/, '');
  const hint = instead[word] ?? (word.startsWith('d') ? 'The tree at the left lists what exists.' : 'Leave it out.');
  return { to: at + Math.max(1, name.length), name, hint };
}
