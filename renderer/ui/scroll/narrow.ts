import { type RefObject, useLayoutEffect, useState } from 'react';

/** Whether an element has less than that width; known before anything of it is painted. */
export function useIsNarrow(element: RefObject<HTMLElement | null>, belowPx: number): boolean {
  const [narrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    const host = element.current;
    if (!host) return;
    // What is not shown has no width.
    const measure = () => host.clientWidth > 0 && setNarrow(host.clientWidth < belowPx);
    const observer = new ResizeObserver(measure);
    observer.observe(host);
    measure();
    return () => observer.disconnect();
  }, [element, belowPx]);
  return narrow;
}
