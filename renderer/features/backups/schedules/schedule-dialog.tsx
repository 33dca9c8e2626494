import { useMemo, useState } from 'react';
import type { BackupSchedule, ScheduleNow } from '../../../../shared/api/backups.ts';
import type { Failure } from '../../../../shared/api/base.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { useCall } from '../../../client/use-call.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Checkbox, Field, Select, TextInput } from '../../../ui/field.tsx';
import { useLayout } from '../../../workspace/layout.ts';
import { useSurvey, usualChoice } from '../backup-dialog.tsx';
import { cronOf, type Pattern, patternOf, shownMoment, usualName } from '../backup-words.ts';
import { ChoiceFields } from '../choice-fields.tsx';
import { DatabaseChoice } from '../database-choice.tsx';
import { ToolCommand } from '../tools/tool-command.tsx';
import { ProgramChoice } from '../tools/tool-fields.tsx';

type Draft = Omit<BackupSchedule, 'id'>;
const fresh = (): Draft => ({
  name: usualName('0 3 * * *'),
  connectionId: useLayout.getState().currentConnectionId ?? '',
  database: useLayout.getState().currentDatabase ?? '',
  cron: '0 3 * * *',
  choice: usualChoice,
  keep: { last: 3, days: 7, weeks: 4, months: 6 },
  enabled: true,
  drill: false,
  notify: 'failures',
  webhook: null,
  email: false,
});
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** When, of what, and how long each is kept. */
export function ScheduleDialog({ schedule, onClose }: { schedule: ScheduleNow | null; onClose: () => void }) {
  const [draft, setDraft] = useState<Draft>(schedule ?? fresh);
  const [named, setNamed] = useState(schedule !== null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const survey = useSurvey(draft.connectionId, draft.database);
  const database = draft.database || survey.data?.database || '';
  const { connectionId, choice } = draft;
  const asked = useMemo(() => ({ connectionId, database, choice }), [connectionId, database, choice]);
  const found = useCall(client.backups.tools, choice.tool && survey.state === 'done' ? asked : null);
  const mail = useCall(client.mail.settings, undefined);
  const set = (change: Partial<Draft>) => setDraft((now) => ({ ...now, ...change }));
  const save = async () => {
    setBusy(true);
    try {
      const { name, connectionId, cron, choice, keep, enabled, drill, notify, webhook, email } = draft;
      const id = schedule?.id ?? null;
      await client.backups.saveSchedule({
        id,
        name,
        connectionId,
        database,
        cron,
        choice,
        keep,
        enabled,
        drill,
        notify,
        webhook,
        email,
      });
      onClose();
    } catch (thrown) {
      setFailure(failureFrom(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width="large"
      title={schedule ? 'Change a schedule' : 'New schedule'}
      description="It runs while Howdah runs, also without a window, in the tray. What was missed is made up for, once."
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            kind="primary"
            busy={busy}
            disabled={draft.connectionId === '' || database === '' || draft.name.trim() === ''}
            onClick={save}
          >
            Save schedule
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label="Name">
          {(ids) => (
            <TextInput
              {...ids}
              className="max-w-80"
              maxLength={80}
              value={draft.name}
              onChange={(event) => {
                setNamed(true);
                set({ name: event.currentTarget.value });
              }}
            />
          )}
        </Field>
        <DatabaseChoice
          connectionId={draft.connectionId}
          onConnection={(connectionId) => set({ connectionId, database: '' })}
          database={database}
          onDatabase={(name) => set({ database: name })}
          survey={survey}
        />
        <WhenFields cron={draft.cron} onCron={(cron) => set(named ? { cron } : { cron, name: usualName(cron) })} />
        <ProgramChoice choice={draft.choice} onChoice={(choice) => set({ choice })} />
        {survey.data && (
          <ChoiceFields choice={draft.choice} onChoice={(choice) => set({ choice })} survey={survey.data} />
        )}
        <ToolCommand tool={draft.choice.tool} found={found} />
        <KeepFields draft={draft} set={set} />
        <div className="grid grid-cols-2 gap-3">
          <Field label="Tell me" hint="In Howdah and by the system">
            {(ids) => (
              <Select
                {...ids}
                value={draft.notify}
                options={[
                  { value: 'failures', label: 'When it fails' },
                  { value: 'all', label: 'Each time' },
                  { value: 'none', label: 'Never' },
                ]}
                onValue={(notify) => set({ notify })}
              />
            )}
          </Field>
          <Field label="Webhook" hint="A POST with JSON at the same times; empty for none">
            {(ids) => (
              <TextInput
                {...ids}
                mono
                placeholder="https://"
                value={draft.webhook ?? ''}
                onChange={(event) => set({ webhook: event.currentTarget.value || null })}
              />
            )}
          </Field>
        </div>
        <div className="flex flex-wrap gap-5">
          {choice.tool?.program !== 'pg_dumpall' && (
            <Checkbox
              label="Restore drill after each backup"
              checked={draft.drill}
              onChange={(event) => set({ drill: event.currentTarget.checked })}
            />
          )}
          <Checkbox
            label="By e-mail too"
            hint={mail.data?.server ? `To ${mail.data.server.to.join(', ')}` : 'No mail server yet: Settings, E-mail'}
            disabled={!mail.data?.server || draft.notify === 'none'}
            checked={draft.email && draft.notify !== 'none'}
            onChange={(event) => set({ email: event.currentTarget.checked })}
          />
          <Checkbox
            label="Switched on"
            checked={draft.enabled}
            onChange={(event) => set({ enabled: event.currentTarget.checked })}
          />
        </div>
        {failure && <FailureView failure={failure} invalid="Not saved" />}
      </div>
    </Dialog>
  );
}

function WhenFields({ cron, onCron }: { cron: string; onCron: (cron: string) => void }) {
  const known = patternOf(cron);
  const [own, setOwn] = useState(known.pattern === 'own');
  const pattern: Pattern = own ? 'own' : known.pattern;
  const next = useCall(client.backups.moments, cron.trim() === '' ? null : { cron });
  return (
    <div className="grid grid-cols-3 gap-3">
      <Field label="When">
        {(ids) => (
          <Select
            {...ids}
            value={pattern}
            options={[
              { value: 'hourly', label: 'Every hour' },
              { value: 'daily', label: 'Every day' },
              { value: 'weekly', label: 'Every week' },
              { value: 'own', label: 'A cron pattern' },
            ]}
            onValue={(value) => {
              setOwn(value === 'own');
              if (value !== 'own') onCron(cronOf(value, known.time, known.day));
            }}
          />
        )}
      </Field>
      {own ? (
        <Field label="Minute, hour, day, month, weekday">
          {(ids) => <TextInput {...ids} mono value={cron} onChange={(event) => onCron(event.currentTarget.value)} />}
        </Field>
      ) : (
        pattern !== 'hourly' && (
          <Field label="At" hint="In the time of this machine">
            {(ids) => (
              <TextInput
                {...ids}
                type="time"
                value={known.time}
                onChange={(event) =>
                  event.currentTarget.value && onCron(cronOf(pattern as 'daily', event.currentTarget.value, known.day))
                }
              />
            )}
          </Field>
        )
      )}
      {pattern === 'weekly' && (
        <Field label="On">
          {(ids) => (
            <Select
              {...ids}
              value={known.day}
              options={weekdays.map((label, at) => ({ value: String(at), label }))}
              onValue={(day) => onCron(cronOf('weekly', known.time, day))}
            />
          )}
        </Field>
      )}
      <p className="col-span-3 text-xs text-muted tabular-nums">
        {next.state === 'failed' ? (
          <span className="text-danger">{next.failure.message}</span>
        ) : (
          next.data && `Next: ${next.data.map(shownMoment).join(' · ')}`
        )}
      </p>
    </div>
  );
}

const rules = [
  ['last', 'The last'],
  ['days', 'Days, one each'],
  ['weeks', 'Weeks, one each'],
  ['months', 'Months, one each'],
] as const;

function KeepFields({ draft, set }: { draft: Draft; set: (change: Partial<Draft>) => void }) {
  return (
    <fieldset className="rounded-md border border-line p-2">
      <legend className="px-1 text-xs text-muted">Keep</legend>
      <div className="grid grid-cols-4 gap-3">
        {rules.map(([rule, label]) => (
          <Field key={rule} label={label}>
            {(ids) => (
              <TextInput
                {...ids}
                type="number"
                min={0}
                max={200}
                value={draft.keep[rule]}
                onChange={(event) =>
                  set({
                    keep: {
                      ...draft.keep,
                      [rule]: Math.max(0, Math.min(200, Math.round(Number(event.currentTarget.value) || 0))),
                    },
                  })
                }
              />
            )}
          </Field>
        ))}
      </div>
      <p className="mt-1 text-xs text-muted">
        What one of these keeps is kept; all at 0 keeps everything. The newest good backup is never removed, and a
        failed one removes nothing.
      </p>
    </fieldset>
  );
}
