/** Joins class names, leaving out what is false: `cx('a', wide && 'b')`. */
export const cx = (...names: readonly (string | false | null | undefined)[]): string => names.filter(Boolean).join(' ');
