import { CircleAlert, CircleCheck, Info, OctagonAlert } from 'lucide-react';
import type { Finding, Severity } from '../../../../shared/health/finding.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { EmptyState } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { monitorPages } from '../../../workspace/monitor/pages.ts';
import type { MonitorView } from '../frame/monitor-view.ts';

const icon = { size: 16, strokeWidth: 1.75 } as const;
const looks: Record<Severity, { icon: typeof Info; ink: string; word: string }> = {
  critical: { icon: OctagonAlert, ink: 'text-danger', word: 'Critical' },
  warning: { icon: CircleAlert, ink: 'text-warning', word: 'Warning' },
  notice: { icon: Info, ink: 'text-accent', word: 'Notice' },
};

const copy = (sql: string) =>
  navigator.clipboard.writeText(sql).then(
    () => toast('SQL copied.', 'success'),
    () => toast('The browser did not allow writing to the clipboard.', 'warning'),
  );

/** What is to be mended, the worst first: why, by which numbers, and what next. */
export function FindingList({ findings, view }: { findings: readonly Finding[]; view: MonitorView }) {
  if (findings.length === 0) {
    return (
      <EmptyState icon={<CircleCheck size={28} strokeWidth={1.5} />} title="Nothing to mend">
        No rule found anything in this stretch of time.
      </EmptyState>
    );
  }
  return (
    <ul aria-label="Findings" className="flex flex-col">
      {findings.map((finding) => (
        <FindingRow key={finding.id} finding={finding} view={view} />
      ))}
    </ul>
  );
}

function FindingRow({ finding, view }: { finding: Finding; view: MonitorView }) {
  const look = looks[finding.severity];
  const Icon = look.icon;
  const page = monitorPages.find((each) => each.page === finding.page);
  const goThere = () => {
    if (finding.atMs !== undefined) view.pin(finding.atMs);
    if (page) view.go(page.page);
  };
  return (
    <li className="flex gap-2.5 border-b border-line px-3 py-2.5">
      <Icon {...icon} role="img" aria-label={look.word} className={cx('mt-px shrink-0', look.ink)} />
      <div className="min-w-0 flex-1">
        <h3 className="selectable text-sm font-medium">{visibleText(finding.title)}</h3>
        <p className="selectable text-xs text-muted">{visibleText(finding.reason)}</p>
        <dl className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
          {finding.numbers.map(({ label, value }) => (
            <div key={label} className="flex gap-1.5">
              <dt className="text-faint">{label}</dt>
              <dd className="selectable tabular-nums">{visibleText(value)}</dd>
            </div>
          ))}
        </dl>
        <p className="selectable mt-1 text-xs">{visibleText(finding.nextStep)}</p>
      </div>
      <div className="flex shrink-0 flex-col items-end gap-1">
        <span className="text-2xs text-faint" title="Points taken from its category">
          {finding.deduction > 0 ? `−${Math.min(100, finding.deduction)}` : ''}
        </span>
        {page && (
          <Button small onClick={goThere}>
            {page.label}
          </Button>
        )}
        {finding.sql !== undefined && (
          <Button small kind="quiet" onClick={() => void copy(finding.sql ?? '')}>
            Copy SQL
          </Button>
        )}
      </div>
    </li>
  );
}
