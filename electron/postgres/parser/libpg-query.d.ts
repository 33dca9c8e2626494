/** The WebAssembly module inside the libpg-query package, without the package's wrapper (see postgres-parser.ts). */
declare module 'libpg-query/wasm/libpg-query.js' {
  export type PgQueryModule = {
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    lengthBytesUTF8(text: string): number;
    stringToUTF8(text: string, pointer: number, maxBytes: number): void;
    UTF8ToString(pointer: number): string;
    getValue(pointer: number, type: 'i32'): number;
    /** Pointer to { char *tree; char *stderr; PgQueryError *error }. */
    _wasm_parse_query_raw(text: number): number;
    _wasm_free_parse_result(result: number): void;
    /** Pointer to JSON, or to the message of an error. */
    _wasm_scan(text: number): number;
    /** Pointer to the fingerprint in hexadecimal, or to the message of an error. */
    _wasm_fingerprint(text: number): number;
    _wasm_free_string(text: number): void;
  };
  const create: () => Promise<PgQueryModule>;
  // biome-ignore lint/style/noDefaultExport: that is how the package exports it
  export default create;
}
