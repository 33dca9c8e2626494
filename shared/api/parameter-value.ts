/** Values of parameters: of their own file, because runs and exports both take them. */
import { z } from 'zod';

/** What is bound to a parameter: text form as the server reads it, NULL, or the items of a list. */
export const parameterValue = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('value'), text: z.string().max(64_000_000) }),
  z.object({ kind: z.literal('null') }),
  z.object({ kind: z.literal('list'), items: z.array(z.string().nullable()).max(30_000) }),
]);

/** By the parameters' names. */
export const parameterValues = z.record(z.string().max(200), parameterValue);
