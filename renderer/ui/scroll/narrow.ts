import { useLayoutEffect, useState } from 'react';

/** Whether an element has less than that width; known before anything of it is painted. */
export function useIsNarrow(element: HTMLElement | null, belowPx: number): boolean {
  const [narrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    if (!element) return;
    // What is not shown has no width.
    const measure = () => element.clientWidth > 0 && setNarrow(element.clientWidth < belowPx);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [element, belowPx]);
  return narrow;
}
