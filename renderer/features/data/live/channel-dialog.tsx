import { useId, useState } from 'react';
import { notifyTriggerSql, offeredChannel } from '../../../../shared/edit/follow-sql.ts';
import { SqlText } from '../../../editor/sql-text.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import { openTab } from '../../../workspace/tabs.ts';
import { changeText } from '../../../workspace/texts.ts';
import type { DataTab } from '../data-tab.ts';
import { chooseChannel } from './channels.ts';

const isName = (channel: string) => channel !== '' && new TextEncoder().encode(channel).length <= 63;

/** Asks for the channel on which changes of the table are told, and shows the trigger that would tell them. */
export function ChannelDialog({ tab, channel, onClose }: { tab: DataTab; channel: string; onClose: () => void }) {
  const { model, where } = tab;
  const [name, setName] = useState(channel || offeredChannel(model.name));
  const form = useId();
  const fits = isName(name);
  // Statement triggers of a view do not fire after it.
  const offered = model.kind === 'table' || model.kind === 'partitionedTable';
  const sql = notifyTriggerSql(model.schema, model.name, name);
  const open = () => {
    const { connectionId, database } = where;
    const tabId = openTab({ kind: 'query', connectionId, database }, { title: `Notify of ${model.name}` });
    changeText(tabId, { text: sql, caret: 0 });
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width="large"
      title="Follow changes by NOTIFY"
      description="A connection of its own listens; the rows in sight are read again when something is told, and only then."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form} disabled={!fits}>
            Listen
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!fits) return;
          chooseChannel(where, name);
          onClose();
        }}
      >
        <Field
          label="Channel"
          hint="A payload that names another table is passed over."
          error={fits ? undefined : 'A channel has a name of at most 63 bytes.'}
        >
          {(ids) => (
            <TextInput
              {...ids}
              mono
              spellCheck={false}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        {offered && (
          <div className="flex flex-col gap-1.5">
            <div className="flex items-center gap-2">
              <p className="flex-1 text-xs text-muted">Where nothing notifies yet, this trigger does:</p>
              <Button small onClick={open} disabled={!fits}>
                Open it in an editor
              </Button>
            </div>
            <div className="h-44 rounded-md border border-line">
              <SqlText label="Trigger" text={sql} />
            </div>
          </div>
        )}
      </form>
    </Dialog>
  );
}
