/** Rows of tabs that are wider than their place. */
import { type RefObject, useEffect, useState, type WheelEvent } from 'react';

/** A wheel that turns one way only moves the row, which scrolls the other. */
export function scrollSideways(event: WheelEvent<HTMLElement>): void {
  if (event.deltaX === 0) event.currentTarget.scrollLeft += event.deltaY;
}

/** Whether there is more to the right. Looks when the row was resized or scrolled, never while something is drawn. */
export function useMoreAside(row: RefObject<HTMLElement | null>): boolean {
  const [more, setMore] = useState(false);
  useEffect(() => {
    const { current } = row;
    if (!current) return;
    const look = () => setMore(current.scrollLeft + current.clientWidth < current.scrollWidth - 1);
    const resized = new ResizeObserver(look);
    resized.observe(current);
    current.addEventListener('scroll', look, { passive: true });
    return () => {
      resized.disconnect();
      current.removeEventListener('scroll', look);
    };
  }, [row]);
  return more;
}
