/** One figure with what it is and a small word under it; inside a `dl`. */
export function Fact({ label, value, note }: { label: string; value: string; note?: string }) {
  return (
    <div className="flex min-w-16 flex-col">
      <dt className="text-2xs text-faint">{label}</dt>
      <dd className="text-sm leading-5 font-medium tabular-nums">{value}</dd>
      {note && <dd className="text-2xs text-muted">{note}</dd>}
    </div>
  );
}
