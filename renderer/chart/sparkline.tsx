/** A curve the size of a word; it says its trend, its numbers stand beside it. */
export function Sparkline({
  values,
  label,
  width = 96,
  height = 20,
  color = '--accent',
}: {
  values: readonly (number | null)[];
  label: string;
  width?: number;
  height?: number;
  color?: string;
}) {
  const most = Math.max(...values.map((value) => value ?? 0), Number.MIN_VALUE);
  const x = (at: number) => (at / Math.max(1, values.length - 1)) * (width - 2) + 1;
  const y = (value: number) => height - 1 - (value / most) * (height - 3);
  let path = '';
  let drawing = false;
  values.forEach((value, at) => {
    if (value === null) {
      drawing = false;
      return;
    }
    path += `${drawing ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    drawing = true;
  });
  return (
    <svg width={width} height={height} role="img" aria-label={label} className="shrink-0 overflow-visible">
      <line x1={1} x2={width - 1} y1={height - 0.5} y2={height - 0.5} stroke="var(--line)" />
      <path d={path} fill="none" stroke={`var(${color})`} strokeWidth={1.25} strokeLinejoin="round" />
    </svg>
  );
}
