/**
 * PostgreSQL 18's own parser and lexer, as WebAssembly. The package's wrapper is not used: it keeps one instance for
 * ever, and an instance whose stack has overflowed is damaged. Here a call that crashes throws its instance away.
 *
 * Offsets are in UTF-8 bytes of the text given, as the parser counts them. Calls block: give it small pieces.
 */
import create, { type PgQueryModule } from 'libpg-query/wasm/libpg-query.js';
import { z } from 'zod';

/** A node of the parse tree as libpg_query writes it: `{ "SelectStmt": { … } }`. */
export type ParseNode = Readonly<Record<string, unknown>>;

export type ParsedStatement = {
  readonly node: ParseNode;
  /** Where it ends: at its semicolon, or at the end of the text. */
  readonly endByte: number;
};

export type ParseOutcome =
  | { readonly kind: 'parsed'; readonly statements: readonly ParsedStatement[] }
  | { readonly kind: 'rejected'; readonly message: string; readonly atByte: number | null }
  /** Too deeply nested for the parser's stack: nothing is known about the text. */
  | { readonly kind: 'crashed' };

export type ScannedToken = { readonly fromByte: number; readonly toByte: number; readonly semicolon: boolean };

export type ScanOutcome =
  | { readonly kind: 'scanned'; readonly tokens: readonly ScannedToken[] }
  /** `unterminated`: a quote or comment was still open at the end. */
  | { readonly kind: 'rejected'; readonly unterminated: boolean }
  | { readonly kind: 'crashed' };

let instance: Promise<PgQueryModule> | null = null;

export type PostgresParser = {
  parse(text: string): ParseOutcome;
  scan(text: string): ScanOutcome;
  /** The same for statements that differ in literals and white space only; null where it cannot be made. */
  fingerprint(text: string): string | null;
};

/** The parser, loaded at the first call and anew after a crash. */
export async function postgresParser(): Promise<PostgresParser> {
  instance ??= create();
  const module = await instance;
  const guarded = <T>(text: string, call: (pointer: number) => T): T | { readonly kind: 'crashed' } => {
    try {
      return withText(module, text, call);
    } catch {
      // RangeError (stack) or RuntimeError (memory): the instance's own stack pointer is lost with it.
      instance = null;
      return { kind: 'crashed' };
    }
  };
  return {
    parse: (text) => guarded(text, (pointer) => parse(module, pointer, module.lengthBytesUTF8(text))),
    scan: (text) => guarded(text, (pointer) => scan(module, pointer)),
    fingerprint: (text) => {
      const made = guarded(text, (pointer) => fingerprint(module, pointer));
      return typeof made === 'string' ? made : null;
    },
  };
}

function withText<T>(module: PgQueryModule, text: string, call: (pointer: number) => T): T {
  const bytes = module.lengthBytesUTF8(text) + 1;
  const pointer = module._malloc(bytes);
  module.stringToUTF8(text, pointer, bytes);
  const answer = call(pointer);
  module._free(pointer);
  return answer;
}

const parseTree = z.object({
  stmts: z
    .array(
      z.object({
        stmt: z.record(z.string(), z.unknown()),
        stmt_location: z.number().default(0),
        stmt_len: z.number().default(0),
      }),
    )
    .default([]),
});

function parse(module: PgQueryModule, pointer: number, bytes: number): ParseOutcome {
  const result = module._wasm_parse_query_raw(pointer);
  const error = module.getValue(result + 8, 'i32');
  const outcome: ParseOutcome =
    error === 0 ? parsed(module.UTF8ToString(module.getValue(result, 'i32')), bytes) : rejected(module, error);
  module._wasm_free_parse_result(result);
  return outcome;
}

function parsed(json: string, bytes: number): ParseOutcome {
  const { stmts } = parseTree.parse(JSON.parse(json));
  const statements = stmts.map(({ stmt, stmt_location, stmt_len }) => ({
    node: stmt,
    endByte: stmt_len === 0 ? bytes : stmt_location + stmt_len,
  }));
  return { kind: 'parsed', statements };
}

/** PgQueryError: message, funcname, filename (pointers), lineno, cursorpos (1-based, 0 where unknown). */
function rejected(module: PgQueryModule, error: number): ParseOutcome {
  const message = module.UTF8ToString(module.getValue(error, 'i32'));
  const position = module.getValue(error + 16, 'i32');
  return { kind: 'rejected', message, atByte: position > 0 ? position - 1 : null };
}

function fingerprint(module: PgQueryModule, pointer: number): string | null {
  const result = module._wasm_fingerprint(pointer);
  const answer = module.UTF8ToString(result);
  module._wasm_free_string(result);
  // The package gives an error's message in its place.
  return /^[0-9a-f]{8,}$/.test(answer) ? answer : null;
}

const semicolonToken = 59; // ASCII_59: the lexer's single characters are their own code
const scanned = z.object({
  tokens: z.array(z.object({ start: z.number(), end: z.number(), tokenType: z.number() })),
});

function scan(module: PgQueryModule, pointer: number): ScanOutcome {
  const result = module._wasm_scan(pointer);
  const answer = module.UTF8ToString(result);
  module._wasm_free_string(result);
  // The package gives the message and nothing else, and always in English: it has no locale.
  if (!answer.startsWith('{')) return { kind: 'rejected', unterminated: answer.includes('unterminated') };
  // It writes the tokens' text with most control characters bare, which JSON does not allow; we read none of it.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const { tokens } = scanned.parse(JSON.parse(answer.replace(/[\u0000-\u001f]/g, ' ')));
  return {
    kind: 'scanned',
    tokens: tokens.map(({ start, end, tokenType }) => ({
      fromByte: start,
      toByte: end,
      semicolon: tokenType === semicolonToken,
    })),
  };
}
