/** Which columns of a table there is room for. */
import { type RefObject, useEffect, useMemo, useState } from 'react';

interface Sized {
  readonly key: string;
  readonly widthPx: number;
  readonly spare?: number;
  /** So wide it should be before a spare column is kept. */
  readonly wantsPx?: number;
}

/** What tells that there are more, at the end of the head; the column that grows gives it the room. */
export const morePx = 30;

/**
 * Without the spare ones that do not fit, the highest first; all where nothing is known of the room. Pure.
 * @param kept the key of one that stays, such as what the lines are sorted by
 */
export function fitting<Column extends Sized>(
  columns: readonly Column[],
  roomPx: number,
  kept?: string,
): readonly Column[] {
  let shown = columns;
  const least = () => shown.reduce((sum, each) => sum + (each.wantsPx ?? each.widthPx), 0);
  const spare = columns
    .filter((each) => each.spare !== undefined && each.key !== kept)
    .toSorted((a, b) => (b.spare ?? 0) - (a.spare ?? 0));
  for (const next of spare) {
    if (roomPx <= 0 || least() <= roomPx) break;
    shown = shown.filter((each) => each !== next);
  }
  return shown;
}

/** The columns that fit into an element, as wide as it is now. */
export function useFitting<Column extends Sized>(
  element: RefObject<HTMLElement | null>,
  columns: readonly Column[],
  kept: string,
): readonly Column[] {
  const [roomPx, setRoomPx] = useState(0);
  useEffect(() => {
    const host = element.current;
    if (!host) return;
    const measure = () => setRoomPx(host.clientWidth);
    const observer = new ResizeObserver(measure);
    observer.observe(host);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return useMemo(() => fitting(columns, roomPx, kept), [columns, roomPx, kept]);
}
