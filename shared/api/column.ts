/** A column of a result: of its own file, because sessions and results both carry it. */
import { z } from 'zod';

export const column = z.object({
  name: z.string(),
  typeOid: z.number().int(),
  /** As format_type shows it: "timestamp(3) with time zone". */
  typeName: z.string(),
  /** pg_type.typcategory of the (base) type: N numeric, D date/time, S string, B boolean, … */
  category: z.string(),
  /** 0 where the column is not a table's. */
  tableOid: z.number().int(),
  attributeNumber: z.number().int(),
});
