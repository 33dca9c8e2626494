import { cx } from '../../../ui/class-names.ts';

export const toneOf = (score: number | null): 'good' | 'fair' | 'bad' | 'none' =>
  score === null ? 'none' : score >= 85 ? 'good' : score >= 60 ? 'fair' : 'bad';

const inks = { good: 'text-success', fair: 'text-warning', bad: 'text-danger', none: 'text-faint' } as const;
const fills = { good: 'bg-success', fair: 'bg-warning', bad: 'bg-danger', none: 'bg-line-strong' } as const;

/** 0 to 100 as a number with a bar; "–" where it is not known. */
export function ScoreBar({ score, className }: { score: number | null; className?: string }) {
  const tone = toneOf(score);
  return (
    <span className={cx('flex items-center gap-2', className)}>
      <span className="h-1.5 w-14 shrink-0 overflow-hidden rounded-full bg-sunken" aria-hidden>
        <span className={cx('block h-full', fills[tone])} style={{ width: `${score ?? 0}%` }} />
      </span>
      <span className={cx('w-7 text-right font-medium tabular-nums', inks[tone])}>{score ?? '–'}</span>
    </span>
  );
}

export function BigScore({ score }: { score: number | null }) {
  return (
    <span className={cx('text-[40px] leading-none font-semibold tabular-nums', inks[toneOf(score)])}>
      {score ?? '–'}
    </span>
  );
}
