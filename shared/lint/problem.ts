/** What is said about a place in the text, and how it could be mended. Offsets are UTF-16, in the text that was checked. */
export type Severity = 'error' | 'warning' | 'info' | 'hint';

export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}
export interface Fix {
  /** What it does, as a command: "Use IS NULL". */
  readonly title: string;
  readonly edits: readonly Edit[];
}
export interface Problem {
  /** Its rule's id; `syntax`, `name`, `type` and `psql` cannot be switched off by a comment that names none. */
  readonly rule: string;
  readonly severity: Severity;
  readonly from: number;
  readonly to: number;
  readonly message: string;
  /** Why it matters and what to do, in a sentence or two. */
  readonly explanation: string;
  readonly fixes: readonly Fix[];
}
