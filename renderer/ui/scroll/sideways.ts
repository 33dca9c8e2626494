/** Rows of tabs that are wider than their place. */
import { type RefObject, useEffect, useState, type WheelEvent } from 'react';

/** A wheel that turns one way only moves the row, which scrolls the other. */
export function scrollSideways(event: WheelEvent<HTMLElement>): void {
  if (event.deltaX === 0) event.currentTarget.scrollLeft += event.deltaY;
}

/** What fades out at the end of a row, so that one in sight is wholly in sight. */
const edgePx = 32;

/** Keeps the chosen tab of a row in sight: when another is chosen, and when the row is made narrower. */
export function useChosenInSight(row: RefObject<HTMLElement | null>, chosen: string | null): void {
  useEffect(() => {
    const { current } = row;
    if (!current || chosen === null) return;
    const show = () => {
      const tab = current.querySelector('[aria-selected=true]')?.getBoundingClientRect();
      if (!tab) return;
      const { left, right } = current.getBoundingClientRect();
      // The browser itself keeps to what there is to scroll.
      if (tab.left - edgePx < left) current.scrollLeft -= left - tab.left + edgePx;
      else if (tab.right + edgePx > right) current.scrollLeft += tab.right + edgePx - right;
    };
    // Told at once, too, and after the layout.
    const resized = new ResizeObserver(show);
    resized.observe(current);
    return () => resized.disconnect();
  }, [row, chosen]);
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
