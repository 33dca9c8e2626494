/** How SQL is written. Three shapes, and what can be turned in each. */
import { z } from 'zod';

export const shapes = ['compact', 'expanded', 'river'] as const;

export const formatStyle = z.object({
  /**
   * - compact: a clause a line, its items on the same line where they fit
   * - expanded: every clause's keyword on a line of its own, an item a line
   * - river: keywords end, and what follows them begins, at one column
   */
  shape: z.enum(shapes),
  keywords: z.enum(['lower', 'upper', 'keep']),
  /** Where items lie on lines of their own: `a,` or `, a`. */
  commas: z.enum(['after', 'before']),
  indentWidth: z.number().int().min(1).max(8),
  /** Characters of a line before it is broken. */
  lineWidth: z.number().int().min(40).max(240),
});
export type FormatStyle = z.infer<typeof formatStyle>;

export const defaultStyle: FormatStyle = {
  shape: 'compact',
  keywords: 'lower',
  commas: 'after',
  indentWidth: 2,
  lineWidth: 100,
};
