/**
 * The one place where a name or a value becomes SQL text. Values belong into bind parameters; `quoteLiteral` is for
 * the statements that take none (SET, ALTER, COPY, CREATE …). Connections always speak UTF-8 (client_encoding), so a
 * quote or a backslash can never be the second byte of a character.
 */
import { invalid } from '../failure.ts';
import { needsQuotesAsName } from './keywords.ts';

/** What PostgreSQL can hold in no text: NUL, and half of a surrogate pair (which would silently become U+FFFD). */
function checked(field: string, text: string): string {
  if (text.includes('\0')) throw invalid(field, 'PostgreSQL text cannot contain the character NUL (U+0000).');
  if (!text.isWellFormed())
    throw invalid(field, 'The text contains half of a surrogate pair and is not valid Unicode.');
  return text;
}

/**
 * The name in double quotes, whatever it holds. Does not cut at 63 bytes: the server does, with a notice.
 * Fails `invalid` on an empty name (the server refuses it), NUL, and text that is not valid Unicode.
 */
export function quoteIdentifier(name: string): string {
  if (name === '') throw invalid('name', 'A name cannot be empty.');
  return `"${checked('name', name).replaceAll('"', '""')}"`;
}

/** The name as the server's quote_ident() writes it: in quotes only where it would not be read back unchanged. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !needsQuotesAsName(name) ? name : quoteIdentifier(name);
}

/** `"schema"."name"`, every part in quotes. */
export const quoteQualified = (...names: readonly string[]): string => names.map(quoteIdentifier).join('.');

/** `schema.name`, parts in quotes only where needed. */
export const qualified = (...names: readonly string[]): string => names.map(identifier).join('.');

/**
 * The value as a string literal that means the same with standard_conforming_strings on and off: E'' with doubled
 * backslashes where the value has one, else plain. Fails `invalid` on NUL and text that is not valid Unicode.
 */
export function quoteLiteral(value: string): string {
  const body = checked('value', value).replaceAll("'", "''");
  return body.includes('\\') ? `E'${body.replaceAll('\\', '\\\\')}'` : `'${body}'`;
}

/** `quoteLiteral`, or the word NULL. */
export const quoteNullable = (value: string | null): string => (value === null ? 'NULL' : quoteLiteral(value));
