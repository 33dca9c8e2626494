/** The colour and pattern of a series, as its area is drawn. */
import { useEffect, useRef } from 'react';
import { cx } from '../ui/class-names.ts';
import { areaFill, onTheme, type Pattern, themeColor } from './paint.ts';

const sizePx = 10;

export function Swatch({
  color,
  pattern = 'plain',
  line,
  className,
}: {
  color: string;
  pattern?: Pattern;
  /** Of a curve rather than an area. */
  line?: boolean;
  className?: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const draw = () => {
      const context = canvas.current?.getContext('2d');
      if (!context) return;
      const ratio = window.devicePixelRatio || 1;
      context.clearRect(0, 0, sizePx * ratio, sizePx * ratio);
      context.fillStyle = line ? themeColor(color) : areaFill(context, color, pattern, ratio);
      if (line) context.fillRect(0, 4 * ratio, sizePx * ratio, 2 * ratio);
      else context.fillRect(0, 0, sizePx * ratio, sizePx * ratio);
    };
    draw();
    return onTheme(draw);
  }, [color, pattern, line]);
  const ratio = typeof window === 'undefined' ? 1 : window.devicePixelRatio || 1;
  return (
    <canvas
      ref={canvas}
      width={sizePx * ratio}
      height={sizePx * ratio}
      aria-hidden
      className={cx('size-2.5 shrink-0 rounded-[2px]', className)}
    />
  );
}
