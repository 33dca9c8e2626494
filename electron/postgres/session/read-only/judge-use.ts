/** What the server said about the functions, views and tables that a statement uses: may it run on a read-only connection? */
import { z } from 'zod';
import {
  harmfulExtensions,
  harmfulStable,
  harmlessExtensions,
  harmlessVolatile,
} from '../../../../shared/guard/known-functions.ts';

export const lookedUp = z.object({
  functions: z.array(
    z.object({
      schema: z.string(),
      name: z.string(),
      language: z.string(),
      trusted: z.boolean(),
      extension: z.string().nullable(),
      volatile: z.boolean(),
      /** Volatile functions of pg_catalog whose names occur in its source. */
      speaks: z.array(z.string()),
    }),
  ),
  /** Foreign tables that are read by running a program. */
  programs: z.array(z.string()),
  views: z.array(z.object({ oid: z.string(), name: z.string(), definition: z.string() })),
});
export type LookedUp = z.infer<typeof lookedUp>;
type Called = LookedUp['functions'][number];

/** Null where nothing speaks against it; else one sentence. */
export function objection({ functions, programs }: LookedUp): string | null {
  const [program] = programs;
  if (program) return `Reading ${program} runs a program on the server.`;
  for (const called of functions) {
    const why = objectionTo(called);
    if (why) return why;
  }
  return null;
}

function objectionTo(called: Called): string | null {
  const { schema, name, extension, volatile } = called;
  if (schema === 'pg_catalog') {
    const harmful = volatile ? !harmlessVolatile.has(name) : harmfulStable.has(name);
    return harmful ? `${name}() acts in spite of a read-only transaction.` : null;
  }
  if (schema === 'information_schema') return null;
  if (extension !== null) {
    if (harmfulExtensions.has(extension)) return `${name}() of ${extension} runs SQL that cannot be looked into.`;
    const except = harmlessExtensions[extension];
    if (volatile && (!except || except.test(name)))
      return `${name}() of the extension ${extension} is declared volatile: it may do anything.`;
    return null;
  }
  return objectionToOwn(called);
}

function objectionToOwn({ schema, name, language, trusted, volatile, speaks }: Called): string | null {
  if (volatile)
    return `The function ${schema}.${name}() is declared volatile, and so may do anything. If it only reads, declare it STABLE.`;
  if (!trusted && language !== 'internal')
    return `The function ${schema}.${name}() is written in ${language}, which may do anything.`;
  if (language === 'internal' || language === 'c') return `The function ${schema}.${name}() cannot be looked into.`;
  const danger = speaks.find((word) => !harmlessVolatile.has(word));
  return danger
    ? `The function ${schema}.${name}() names ${danger}, which acts in spite of a read-only transaction.`
    : null;
}
