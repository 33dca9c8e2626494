import { useState } from 'react';
import type { Backup, RestoreChoice } from '../../../../shared/api/backups.ts';
import type { Failure } from '../../../../shared/api/base.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { useCall } from '../../../client/use-call.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Segmented } from '../../../ui/field.tsx';
import { Spinner } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { restoredName } from '../backup-words.ts';
import { ContentsPicker } from './contents-picker.tsx';
import { isObject, pickedItems } from './picked-items.ts';
import { PlanView } from './plan-view.tsx';
import { RestoreOptions } from './restore-options.tsx';
import { RestoreTarget } from './restore-target.tsx';

const steps = ['What', 'Where', 'Options', 'Review'] as const;

/** What, where, how, and what will happen: nothing is changed before the last step's button. */
export function RestoreDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const [step, setStep] = useState(0);
  const [some, setSome] = useState(false);
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const [connectionId, setConnectionId] = useState(backup.connectionId ?? '');
  const [choice, setChoice] = useState<RestoreChoice>({
    ...usual,
    target: { kind: 'new', database: restoredName(backup.database) },
  });
  const [confirm, setConfirm] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const contents = useCall(client.backups.contents, { id: backup.id });
  const items = contents.data?.items ?? [];
  const asked = {
    id: backup.id,
    connectionId,
    choice: some ? { ...choice, items: pickedItems(items, picked) } : choice,
  };
  const reviewing = step === steps.length - 1;
  const plan = useCall(client.backups.plan, reviewing && connectionId !== '' ? asked : null);
  const ready =
    plan.state === 'done' &&
    plan.data.obstacles.length === 0 &&
    (plan.data.confirm === null || plan.data.confirm === confirm);
  const mayGoOn =
    step === 0
      ? contents.state === 'done' && (!some || picked.size > 0)
      : step === 1
        ? connectionId !== '' && choice.target.database !== ''
        : true;
  const start = async () => {
    setBusy(true);
    try {
      await client.backups.restore({ ...asked, confirm });
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
      title={`Restore ${backup.database}`}
      description={visibleText(backup.fileName)}
      footerStart={<StepWords step={step} />}
      footer={
        <>
          {step > 0 && <Button onClick={() => setStep(step - 1)}>Back</Button>}
          {reviewing ? (
            <Button kind={plan.data?.confirm ? 'danger' : 'primary'} busy={busy} disabled={!ready} onClick={start}>
              Restore
            </Button>
          ) : (
            <Button kind="primary" disabled={!mayGoOn} onClick={() => setStep(step + 1)}>
              Next
            </Button>
          )}
        </>
      }
    >
      <div className="flex min-h-80 flex-col gap-3">
        {step === 0 && (
          <>
            {backup.form === 'plain' && (
              <p className="text-sm text-muted">
                SQL text, run as a whole by Howdah and never by psql. It is read through first: what only psql
                understands in it is refused by name, before anything has changed.
              </p>
            )}
            {backup.form !== 'plain' && (
              <Segmented
                label="What is restored"
                value={some ? 'some' : 'all'}
                options={[
                  { value: 'all', label: 'Everything' },
                  { value: 'some', label: 'Only what I pick' },
                ]}
                onValue={(value) => setSome(value === 'some')}
              />
            )}
            {contents.state === 'pending' && <Spinner label="Reading the backup" />}
            {contents.state === 'failed' && <FailureView failure={contents.failure} />}
            {contents.data && !some && items.length > 0 && (
              <p className="text-sm text-muted">
                {items.filter(isObject).length.toLocaleString('en')} objects with their rows, indexes, keys, triggers
                and rights.
              </p>
            )}
            {contents.data && some && <ContentsPicker items={items} picked={picked} onPicked={setPicked} />}
          </>
        )}
        {step === 1 && (
          <RestoreTarget
            form={backup.form}
            connectionId={connectionId}
            onConnection={setConnectionId}
            choice={choice}
            onChoice={setChoice}
          />
        )}
        {step === 2 && (
          <RestoreOptions
            form={backup.form}
            choice={choice}
            onChoice={setChoice}
            roles={contents.data?.roles ?? []}
            tablespaces={contents.data?.tablespaces ?? []}
          />
        )}
        {reviewing && <PlanView plan={plan} choice={choice} confirm={confirm} onConfirm={setConfirm} />}
        {failure && <FailureView failure={failure} invalid="Not begun" />}
      </div>
    </Dialog>
  );
}

const usual: Omit<RestoreChoice, 'target'> = {
  what: 'all',
  errors: 'single',
  owners: true,
  grants: true,
  missingRoles: 'create',
  roles: {},
  tablespaces: {},
  jobs: 2,
};

function StepWords({ step }: { step: number }) {
  return (
    <ol className="flex items-center gap-3 text-xs">
      {steps.map((word, at) => (
        <li
          key={word}
          aria-current={at === step ? 'step' : undefined}
          className={cx(at === step ? 'font-semibold text-ink' : 'text-muted')}
        >
          {at + 1} {word}
        </li>
      ))}
    </ol>
  );
}
