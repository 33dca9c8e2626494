import { waitClass, waitClassRank } from '../../../chart/wait-classes.ts';

/** A bar as long as its share of the longest, in the colours of the wait classes it is made of. */
export function ShareBar({ share, byClass }: { share: number; byClass: Readonly<Record<string, number>> }) {
  const whole = Object.values(byClass).reduce((sum, each) => sum + each, 0);
  const classes = Object.entries(byClass).toSorted(([a], [b]) => waitClassRank(a) - waitClassRank(b));
  return (
    <div className="flex h-2.5 w-full items-stretch overflow-hidden rounded-[2px] bg-sunken" aria-hidden>
      <div className="flex h-full" style={{ width: `${Math.max(0.5, share * 100)}%` }}>
        {classes.map(([key, value]) => (
          <div
            key={key}
            style={{
              width: `${whole > 0 ? (value / whole) * 100 : 0}%`,
              backgroundColor: `var(${waitClass(key).color})`,
            }}
          />
        ))}
      </div>
    </div>
  );
}
