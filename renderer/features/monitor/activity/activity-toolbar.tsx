import { ChevronRight, Cpu } from 'lucide-react';
import { useState } from 'react';
import { type Dimension, dimensions } from '../../../../shared/api/monitor.ts';
import { failureFrom } from '../../../client/failure.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Checkbox, Field, Select, TextInput } from '../../../ui/field.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { changeSettings, useSettings } from '../../../workspace/settings.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { Toolbar } from '../parts/table/toolbar.tsx';
import { type Compare, changeActivity, dimensionLabels, dropFilters, useActivityView } from './activity-view.ts';

/** What is on a page of its own: any stretch, of any recording. */
const elsewhere = 'elsewhere';
const compares: readonly { value: Compare | typeof elsewhere; label: string }[] = [
  { value: 'none', label: 'No comparison' },
  { value: 'before', label: 'With the time before' },
  { value: 'day', label: 'With a day earlier' },
  { value: 'week', label: 'With a week earlier' },
  { value: elsewhere, label: 'With another stretch…' },
];

/** How it is split, to what it is narrowed, and what it is compared with. */
export function ActivityToolbar({ view }: { view: MonitorView }) {
  const activity = useActivityView(view.id);
  const [asking, setAsking] = useState(false);
  const change = (part: Parameters<typeof changeActivity>[1]) => changeActivity(view.id, part);
  return (
    <Toolbar>
      <span className="flex items-center gap-1.5 text-xs text-muted">
        Split by
        <Select
          aria-label="Split by"
          value={activity.by}
          onValue={(by: Dimension) => change({ by })}
          options={dimensions.map((value) => ({ value, label: dimensionLabels[value] }))}
          className="w-32!"
        />
      </span>
      <nav aria-label="Narrowed to" className="flex min-w-24 flex-1 items-center gap-0.5 text-xs">
        <button
          type="button"
          disabled={activity.filters.length === 0}
          onClick={() => dropFilters(view.id, activity, 0)}
          className="shrink-0 rounded-sm px-1 py-0.5 whitespace-nowrap text-muted enabled:hover:bg-hover enabled:hover:text-ink"
        >
          All activity
        </button>
        {activity.filters.map((filter, at) => (
          <span key={`${filter.dimension} ${filter.value}`} className="flex min-w-0 items-center gap-0.5">
            <ChevronRight size={12} strokeWidth={1.75} className="shrink-0 text-faint" aria-hidden />
            <button
              type="button"
              title={`${dimensionLabels[filter.dimension]}: ${visibleText(filter.label)}. Press to go back to before.`}
              onClick={() => dropFilters(view.id, activity, at)}
              className="max-w-64 truncate rounded-sm bg-selected px-1.5 py-0.5 hover:bg-hover"
            >
              {dimensionLabels[filter.dimension]}: {visibleText(filter.label)} ✕
            </button>
          </span>
        ))}
      </nav>
      <Checkbox
        label="Server processes"
        checked={activity.background}
        onChange={(event) => change({ background: event.currentTarget.checked })}
      />
      <Select
        aria-label="Compare with"
        value={activity.compare}
        onValue={(compare) => (compare === elsewhere ? view.go('compare') : change({ compare }))}
        options={compares}
        className="w-52!"
      />
      <Button
        small
        kind="quiet"
        icon={<Cpu size={14} strokeWidth={1.75} />}
        title="The server cannot be asked how many processors it has; the line in the chart is what you say here"
        onClick={() => setAsking(true)}
      >
        {view.vcpus === null ? 'Set vCPUs…' : `${view.vcpus} vCPU`}
      </Button>
      {asking && <VcpuDialog view={view} onClose={() => setAsking(false)} />}
    </Toolbar>
  );
}

function VcpuDialog({ view, onClose }: { view: MonitorView; onClose: () => void }) {
  const [typed, setTyped] = useState(view.vcpus === null ? '' : String(view.vcpus));
  const vcpus = useSettings((settings) => settings.vcpus);
  const number = Number(typed);
  const wrong = typed !== '' && !(number >= 0.1 && number <= 10_000) ? 'A number from 0.1 to 10,000.' : undefined;
  const save = async () => {
    const key = view.recording.systemIdentifier ?? view.source.connectionId ?? view.id;
    const { [key]: _, ...others } = vcpus;
    try {
      await changeSettings({ vcpus: typed === '' ? others : { ...others, [key]: number } });
      onClose();
    } catch (thrown) {
      toast(failureFrom(thrown).message, 'danger');
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="How many processors has this server?"
      description="PostgreSQL cannot tell. Active sessions above this line wait for a processor."
      width="small"
      footer={
        <Button kind="primary" disabled={wrong !== undefined} onClick={() => void save()}>
          Save
        </Button>
      }
    >
      <Field label="vCPUs" error={wrong} hint="Leave it empty where you do not know: no line is drawn then.">
        {(ids) => (
          <TextInput
            {...ids}
            inputMode="decimal"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Enter' && !wrong && void save()}
          />
        )}
      </Field>
    </Dialog>
  );
}
