/** A query to start from. It may have parameters (`:name`), which are asked for. */
export interface Template {
  readonly name: string;
  /** What it answers, and what to look at; one sentence. */
  readonly about: string;
  /** The first major version it runs on; every supported one where absent. */
  readonly since?: number;
  readonly sql: string;
}
export interface TemplateGroup {
  readonly name: string;
  readonly templates: readonly Template[];
}
