/** Flags of polls and rows as bits. */

/** In this order; appended to, never moved. */
export const deltaFlags = ['first', 'reset', 'restart', 'partial', 'reentered', 'lowerBound'] as const;

export const flagBits = (flags: readonly string[] | undefined): number =>
  (flags ?? []).reduce((bits, flag) => {
    const bit = (deltaFlags as readonly string[]).indexOf(flag);
    return bit === -1 ? bits : bits | (1 << bit);
  }, 0);

export const flagNames = (bits: number): string[] => deltaFlags.filter((_, bit) => (bits & (1 << bit)) !== 0);
