import { useState } from 'react';
import type { Settings } from '../../../shared/api/app.ts';
import type { Failure } from '../../../shared/api/base.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { useCall } from '../../client/use-call.ts';
import { Button } from '../../ui/button.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { Checkbox, Segmented } from '../../ui/field.tsx';
import { changeSettings, useSettings } from '../../workspace/settings.ts';
import { ChecksSettings } from './checks-settings.tsx';
import { FormatSettings } from './format-settings.tsx';
import { GuardSettings } from './guard-settings.tsx';
import { KeptResultsSettings } from './kept-results-settings.tsx';
import { MailSettings } from './mail-settings.tsx';
import { Group, NumberSetting } from './settings-parts.tsx';

/** The settings, saved as they are changed. */
export function SettingsPage() {
  const settings = useSettings();
  const info = useCall(client.app.info, undefined);
  const [failure, setFailure] = useState<Failure | null>(null);
  const save = (change: Partial<Settings>) => {
    setFailure(null);
    changeSettings(change).catch((thrown) => setFailure(failureFrom(thrown)));
  };
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto flex max-w-2xl flex-col gap-6 p-6">
        <h1 className="text-lg font-semibold">Settings</h1>
        {failure && <FailureView failure={failure} />}
        <Group title="Appearance">
          <div className="flex flex-col gap-1">
            <span className="text-xs font-medium text-muted">Theme</span>
            <div>
              <Segmented
                label="Theme"
                value={settings.theme}
                options={[
                  { value: 'system', label: 'As the system' },
                  { value: 'light', label: 'Light' },
                  { value: 'dark', label: 'Dark' },
                ]}
                onValue={(theme) => save({ theme })}
              />
            </div>
          </div>
          <NumberSetting
            label="Text size in the editor"
            unit="px"
            value={settings.editorFontSizePx}
            min={8}
            max={40}
            onSave={(editorFontSizePx) => save({ editorFontSizePx })}
          />
        </Group>
        <Group title="Running">
          <NumberSetting
            label="Row limit"
            unit="rows"
            hint="A statement that gives more is cut off there, and its result says so. Exporting a query has no limit."
            value={settings.rowLimit}
            min={1}
            max={100_000_000}
            onSave={(rowLimit) => save({ rowLimit })}
          />
          <Checkbox
            label="Stop a script at the first error"
            hint="Otherwise the statements after it run too."
            checked={settings.stopOnError}
            onChange={(event) => save({ stopOnError: event.currentTarget.checked })}
          />
          <NumberSetting
            label="Statement timeout"
            unit="seconds"
            hint="For tabs that set none themselves. 0: as the server, the role and the connection have it."
            value={Math.round((settings.statementTimeoutMs ?? 0) / 1000)}
            min={0}
            max={2_147_483}
            onSave={(seconds) => save({ statementTimeoutMs: seconds === 0 ? null : seconds * 1000 })}
          />
          <NumberSetting
            label="Lock timeout"
            unit="seconds"
            hint="How long a statement waits for a lock before it fails. 0: as the server has it."
            value={Math.round((settings.lockTimeoutMs ?? 0) / 1000)}
            min={0}
            max={2_147_483}
            onSave={(seconds) => save({ lockTimeoutMs: seconds === 0 ? null : seconds * 1000 })}
          />
          <NumberSetting
            label="Tell me of a run that took longer than"
            unit="seconds"
            hint="When it ends while another tab, or another program, is in front."
            value={Math.round(settings.longRunMs / 1000)}
            min={1}
            max={86_400}
            onSave={(seconds) => save({ longRunMs: seconds * 1000 })}
          />
          {info.data?.host === 'browser' && <BrowserNotifications />}
        </Group>
        <Group title="Kept results">
          <KeptResultsSettings />
        </Group>
        <Group title="Memory">
          <Checkbox
            label="Show beside each statement what is remembered of it"
            hint="Calls a day, times, waits and the last plan, from the recording of the server; the server itself is not asked."
            checked={settings.editorMemory}
            onChange={(event) => save({ editorMemory: event.currentTarget.checked })}
          />
        </Group>
        <Group title="Formatting">
          <FormatSettings style={settings.format} onStyle={(format) => save({ format })} />
        </Group>
        <Group title="Checks while typing">
          <Checkbox
            label="Ask the server about names and types"
            hint="Statements are analysed on a connection of Howdah’s own and never run. Without this only what is known here is checked."
            checked={settings.checkOnServer}
            onChange={(event) => save({ checkOnServer: event.currentTarget.checked })}
          />
          <ChecksSettings off={settings.checksOff} onOff={(checksOff) => save({ checksOff })} />
        </Group>
        <Group title="E-mail">
          <MailSettings />
        </Group>
        <GuardSettings />
        {info.data && (
          <Group title="This program">
            <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 text-sm">
              <dt className="text-muted">Version</dt>
              <dd>{info.data.version}</dd>
              <dt className="text-muted">Data folder</dt>
              <dd className="selectable font-mono text-xs leading-[18px] break-all">{info.data.dataFolder}</dd>
            </dl>
          </Group>
        )}
      </div>
    </div>
  );
}

/** A browser asks the person once, and only after a press. */
function BrowserNotifications() {
  const [permission, setPermission] = useState(() =>
    typeof Notification === 'undefined' ? 'denied' : Notification.permission,
  );
  if (permission !== 'default') return null;
  return (
    <div>
      <Button small onClick={() => void Notification.requestPermission().then(setPermission)}>
        Allow notifications of the browser
      </Button>
    </div>
  );
}
