/** The arguments of the call that the caret is in, and which of them it is at. */
import type { Catalog } from '../catalog.ts';
import { Reader } from '../read-query.ts';
import { splitArguments } from '../scope.ts';
import { scriptFacts } from '../script.ts';
import { tokensAround } from '../tokens.ts';

export interface Signature {
  readonly calls: readonly {
    readonly label: string;
    readonly comment: string;
    /** The pieces of the label that are arguments, in order. */
    readonly parameters: readonly string[];
  }[];
  /** Of the calls, the first that takes as many arguments as are written. */
  readonly active: number;
  readonly parameter: number;
}

export function signatureAt(catalog: Catalog, text: string, caret: number): Signature | null {
  const { tokens, from, to, before, touched, inComment } = tokensAround(text, caret);
  if (inComment) return null;
  const reader = new Reader(tokens, from, to);
  const at = touched ? tokens.indexOf(touched) : before;
  let open = -1;
  for (const [start, end] of reader.brackets)
    if (start < at && at <= end && start > open && reader.text(start) === '(') open = start;
  if (open < 0 || !reader.isName(open - 1)) return null;
  const { path } = scriptFacts(catalog, tokens, from);
  const schema = reader.text(open - 2) === '.' ? (reader.tokens[open - 3]?.text ?? null) : null;
  const routines = catalog.routinesCalled(schema, reader.tokens[open - 1]?.text ?? '', path);
  if (routines.length === 0 || reader.word(open - 2) === 'into') return null;
  let parameter = 0;
  for (let index = open + 1; index < at; index = reader.skip(index)) if (reader.text(index) === ',') parameter++;
  const calls = routines.map(({ name, args, result, comment }) => {
    const parameters = splitArguments(args)
      .filter(({ mode }) => mode !== 'OUT')
      .map(({ written }) => written);
    return { label: `${name}(${parameters.join(', ')})${result ? ` → ${result}` : ''}`, comment, parameters };
  });
  const active = calls.findIndex(({ parameters }) => parameters.length > parameter);
  return { calls, active: Math.max(0, active), parameter };
}
