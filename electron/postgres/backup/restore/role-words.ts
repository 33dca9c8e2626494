/** Other roles in a statement's place of those it names: found by PostgreSQL's own parser, never by searching its text. */
import { FailureError } from '../../../../shared/failure.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import { type ParseNode, postgresParser } from '../../parser/postgres-parser.ts';

/** What a role is called on the target, by its name in the archive. */
export type RoleNames = ReadonlyMap<string, string>;

/**
 * @param sql complete statements, as an archive has them
 * @returns the same with the roles renamed; unchanged where none of them is named
 */
export async function withRoles(sql: string, names: RoleNames): Promise<string> {
  if (![...names.keys()].some((name) => sql.includes(identifier(name)))) return sql;
  const outcome = (await postgresParser()).parse(sql);
  // Left as it is, it would go to a role that was not meant.
  if (outcome.kind !== 'parsed')
    throw new FailureError({
      kind: 'internal',
      message: `The roles of a statement could not be read: ${sql.slice(0, 200)}`,
    });
  const bytes = Buffer.from(sql);
  const places: { from: number; to: number; name: string }[] = [];
  for (const { node } of outcome.statements)
    eachRole(node, (name, location) => {
      const other = names.get(name);
      if (other === undefined) return;
      const written = bytes.subarray(location).toString('utf8');
      const token = /^(?:"(?:[^"]|"")+"|[^\s",;()]+)/.exec(written)?.[0];
      if (token !== undefined)
        places.push({ from: location, to: location + Buffer.byteLength(token), name: identifier(other) });
    });
  let text = bytes;
  for (const { from, to, name } of places.sort((a, b) => b.from - a.from))
    text = Buffer.concat([text.subarray(0, from), Buffer.from(name), text.subarray(to)]);
  return text.toString('utf8');
}

/** Statements that can name a role; others are not worth the parser's time. */
const mayName =
  /\b(?:OWNER\s+TO|GRANT|REVOKE|ROLE|POLICY|USER\s+MAPPING|DEFAULT\s+PRIVILEGES|SESSION\s+AUTHORIZATION|AUTHORIZATION)\b/i;
const longestRead = 100_000;

/** The roles that a statement names; none where it cannot be read. */
export async function rolesIn(sql: string): Promise<string[]> {
  if (sql.length > longestRead || !mayName.test(sql)) return [];
  const outcome = (await postgresParser()).parse(sql);
  const names: string[] = [];
  if (outcome.kind === 'parsed')
    for (const { node } of outcome.statements) eachRole(node, (name) => void names.push(name));
  return names;
}

function eachRole(node: unknown, tell: (name: string, location: number) => void): void {
  if (Array.isArray(node)) {
    for (const one of node) eachRole(one, tell);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node as ParseNode)) {
    // Some fields hold a role directly (`newowner`), lists hold it under its type's name: both have its form.
    const role = value as { roletype?: unknown; rolename?: unknown; location?: unknown } | null;
    if (role && typeof role === 'object' && typeof role.rolename === 'string' && role.roletype === 'ROLESPEC_CSTRING')
      tell(role.rolename, Number(role.location ?? 0));
    else if (key === 'VariableSetStmt') settingOfRole(value as SetStatement, tell);
    else eachRole(value, tell);
  }
}

interface SetStatement {
  readonly name?: string;
  readonly args?: readonly {
    readonly A_Const?: { readonly sval?: { readonly sval?: string }; readonly location?: number };
  }[];
}
/** SET ROLE x, around a grant that somebody else than the owner made. */
function settingOfRole({ name, args }: SetStatement, tell: (name: string, location: number) => void): void {
  const value = args?.[0]?.A_Const;
  if (name === 'role' && value?.sval?.sval !== undefined) tell(value.sval.sval, value.location ?? 0);
}
