/** Passwords written into statements stay out of what is kept of them: history, journal. */

const hidden = "'***'";
const rules: readonly (readonly [RegExp, string])[] = [
  // ALTER ROLE … PASSWORD '…', and OPTIONS (password '…') of user mappings; all kinds of strings.
  [/\b(password\s+)(?:[EN]?'(?:[^'\\]|\\.|'')*'|\$(\w*)\$[\s\S]*?\$\2\$)/gi, `$1${hidden}`],
  // key = value texts inside of strings: dblink, CREATE SUBSCRIPTION … CONNECTION '…'.
  [/\b((?:ssl)?password\s*=\s*)(?:''(?:[^'\\]|\\(?:''|[^']))*''|[^\s']+)/gi, '$1***'],
  // postgres://user:password@host
  [/(\bpostgres(?:ql)?:\/\/[^\s:@/']+:)[^\s@/']+(?=@)/gi, '$1***'],
];

/** The statement with `'***'` in place of each password. */
export const withoutPasswords = (sql: string): string =>
  rules.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), sql);
