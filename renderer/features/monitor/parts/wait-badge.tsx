import { Swatch } from '../../../chart/swatch.tsx';
import { waitClass } from '../../../chart/wait-classes.ts';

/** A wait with the colour of its class: "Lock: transactionid". */
export function WaitBadge({ type, event }: { type: string; event: string | null }) {
  const known = waitClass(type);
  return (
    <span
      className="inline-flex max-w-full min-w-0 align-middle items-center gap-1.5"
      title={`${known.label}: ${known.meaning}`}
    >
      <Swatch color={known.color} pattern={known.pattern} />
      <span className="truncate">{event ? `${known.label}: ${event}` : known.label}</span>
    </span>
  );
}
