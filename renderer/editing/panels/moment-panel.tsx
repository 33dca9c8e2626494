import {
  type Moment,
  type MomentKind,
  momentNow,
  offsets,
  readMoment,
  withTime,
  writeMoment,
} from '../../../shared/edit/moment.ts';
import { Button } from '../../ui/button.tsx';

const field = 'h-7 rounded-md border border-line-strong bg-surface px-1.5 text-xs text-ink tabular-nums';

/** Day, time of day and zone, each with the platform's own picker. What has no such parts is written in the line above. */
export function MomentPanel({
  kind,
  text,
  onText,
}: {
  kind: MomentKind;
  text: string | null;
  onText: (text: string) => void;
}) {
  const known = text === null ? null : readMoment(kind, text);
  const put = (moment: Moment) => onText(writeMoment(kind, moment));
  const now = momentNow(new Date());
  // An empty cell begins with this day, at midnight here.
  const base: Moment = known ?? { ...now, time: '00:00:00' };
  const zones = offsets.includes(base.zone) || base.zone === '' ? offsets : [base.zone, ...offsets];
  return (
    <div className="flex items-center gap-1.5">
      <input
        type="date"
        aria-label="Day"
        className={field}
        value={known?.date ?? ''}
        onChange={({ currentTarget: { value } }) => value !== '' && put({ ...base, date: value })}
      />
      {kind !== 'date' && (
        <input
          type="time"
          step={1}
          aria-label="Time of day"
          className={field}
          value={known?.time.slice(0, 8) ?? ''}
          onChange={({ currentTarget: { value } }) => value !== '' && put(withTime(base, value))}
        />
      )}
      {kind === 'timestamptz' && (
        <select
          aria-label="Zone, as its distance from UTC"
          className={field}
          value={known?.zone ?? ''}
          onChange={({ currentTarget: { value } }) => put({ ...base, zone: value })}
        >
          {!known && <option value="">Zone</option>}
          {zones.map((zone) => (
            <option key={zone} value={zone}>
              UTC{zone}
            </option>
          ))}
        </select>
      )}
      <Button small kind="quiet" onClick={() => put(now)}>
        {kind === 'date' ? 'Today' : 'Now'}
      </Button>
    </div>
  );
}
