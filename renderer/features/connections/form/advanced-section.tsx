import type { SectionProps } from './section-props.ts';
import { LinesField } from './text-field.tsx';

/** What is sent to the server at the start, and what is run after it. */
export function AdvancedSection({ form, errors, onForm, onDraft }: SectionProps) {
  return (
    <div className="flex flex-col gap-3 py-3">
      <LinesField
        label="SQL to run on connect"
        hint="In every session of an editor tab, before anything else: set role, set search_path"
        rows={5}
        maxLength={100_000}
        value={form.draft.onConnectSql}
        onValue={(onConnectSql) => onDraft({ onConnectSql })}
      />
      <LinesField
        label="Parameters"
        error={errors.parameters}
        hint="One name=value a line: libpq’s connect_timeout, keepalives_idle, channel_binding, require_auth, options, application_name; anything else is sent to the server as a setting"
        rows={5}
        placeholder="connect_timeout=10"
        value={form.parametersText}
        onValue={(parametersText) => onForm({ ...form, parametersText })}
      />
    </div>
  );
}
