/** Which lock modes keep which others waiting: the table of the manual's chapter on explicit locking. */

export const lockModes = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
] as const;
export type LockMode = (typeof lockModes)[number];

/** By mode: the places in `lockModes` that it conflicts with. */
const conflicts: readonly (readonly number[])[] = [
  [7],
  [6, 7],
  [4, 5, 6, 7],
  [3, 4, 5, 6, 7],
  [2, 3, 5, 6, 7],
  [2, 3, 4, 5, 6, 7],
  [1, 2, 3, 4, 5, 6, 7],
  [0, 1, 2, 3, 4, 5, 6, 7],
];
const matrix = new Map<string, ReadonlySet<string>>(
  lockModes.map((mode, at) => [mode, new Set((conflicts[at] ?? []).map((other) => lockModes[other] as string))]),
);

/** True where one of them, held, keeps the other waiting. SIReadLock and modes not known conflict with nothing. */
export const modesConflict = (mode: string, other: string): boolean => matrix.get(mode)?.has(other) ?? false;
