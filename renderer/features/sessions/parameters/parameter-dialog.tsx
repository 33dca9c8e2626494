import { type FormEvent, type KeyboardEvent, useId, useState } from 'react';
import type { Parameter } from '../../../../shared/api/sessions.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Segmented, TextArea, TextInput } from '../../../ui/field.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { type ParameterQuestion, useParameterQuestion } from './ask-parameters.ts';
import { boundValue, nullItem, shownName, type Written, writtenOf } from './parameter-values.ts';

/** Asks for the values of a run's parameters, in front of the tab that runs it. */
export function ParameterDialog({ tabId }: { tabId: string }) {
  const question = useParameterQuestion(tabId);
  return question ? <Asking question={question} /> : null;
}

function Asking({ question: { parameters, answer } }: { question: ParameterQuestion }) {
  const [written, setWritten] = useState<Readonly<Record<string, Written>>>(() =>
    Object.fromEntries(parameters.map((parameter) => [parameter.name, writtenOf(parameter)])),
  );
  const form = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    answer(Object.fromEntries(Object.entries(written).map(([name, each]) => [name, boundValue(each)])));
  };
  return (
    <Dialog
      open
      onClose={() => answer(null)}
      title={parameters.length === 1 ? 'Value of the parameter' : 'Values of the parameters'}
      footer={
        <>
          <Button onClick={() => answer(null)}>Do not run</Button>
          <Button kind="primary" type="submit" form={form}>
            Run
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-2.5">
        {parameters.every(({ typeName }) => !typeName) && (
          <p className="text-xs text-muted">
            The server does not say their types: something that the statement names may be missing or misspelt.
          </p>
        )}
        {parameters.map((parameter, at) => (
          <ParameterLine
            key={parameter.name}
            parameter={parameter}
            first={at === 0}
            written={written[parameter.name] ?? writtenOf(parameter)}
            onWritten={(next) => setWritten((all) => ({ ...all, [parameter.name]: next }))}
          />
        ))}
      </form>
    </Dialog>
  );
}

function ParameterLine({
  parameter: { name, typeName, takesList },
  first,
  written,
  onWritten,
}: {
  parameter: Parameter;
  first: boolean;
  written: Written;
  onWritten: (next: Written) => void;
}) {
  const id = useId();
  const kinds = [
    { value: 'value' as const, label: 'Value' },
    ...(takesList || written.kind === 'list' ? [{ value: 'list' as const, label: 'List' }] : []),
    { value: 'null' as const, label: 'NULL' },
  ];
  return (
    <div className="grid grid-cols-[minmax(96px,160px)_1fr_140px] items-start gap-x-3">
      <label htmlFor={id} className="min-w-0 pt-1 text-sm">
        <span className="block truncate font-mono text-xs leading-[18px]" title={name}>
          {visibleText(shownName(name))}
        </span>
        {typeName && <span className="block truncate text-2xs text-faint">{visibleText(typeName)}</span>}
      </label>
      <ValueInput id={id} first={first} isText={isText(typeName)} written={written} onWritten={onWritten} />
      <div className="justify-self-start">
        <Segmented
          label={`Kind of ${shownName(name)}`}
          value={written.kind}
          options={kinds}
          onValue={(kind) => onWritten({ ...written, kind })}
        />
      </div>
    </div>
  );
}

/** Of other types an empty text is no value. */
const isText = (typeName: string | null | undefined): boolean =>
  !typeName || /^(text|character|bpchar|name|citext|"char")/.test(typeName);

function ValueInput({
  id,
  first,
  isText,
  written,
  onWritten,
}: {
  id: string;
  first: boolean;
  isText: boolean;
  written: Written;
  onWritten: (next: Written) => void;
}) {
  const common = {
    id,
    mono: true,
    autoFocus: first,
    value: written.kind === 'null' ? '' : written.text,
    onFocus: (event: { currentTarget: { select(): void } }) => event.currentTarget.select(),
  };
  if (written.kind === 'list') {
    return (
      <div className="flex min-w-0 flex-col gap-1">
        <TextArea
          {...common}
          rows={Math.min(8, Math.max(3, written.text.split('\n').length))}
          aria-describedby={`${id}-note`}
          onChange={(event) => onWritten({ ...written, text: event.currentTarget.value })}
          onKeyDown={submitByModEnter}
        />
        <span id={`${id}-note`} className="text-2xs text-faint">
          An item a line; {nullItem} is NULL
        </span>
      </div>
    );
  }
  return (
    <TextInput
      {...common}
      placeholder={written.kind === 'null' ? 'NULL' : isText ? 'empty text' : undefined}
      // Typing is a value again.
      onChange={(event) => onWritten({ kind: 'value', text: event.currentTarget.value })}
    />
  );
}

/** Enter is a line of the list. */
function submitByModEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.stopPropagation();
  event.currentTarget.form?.requestSubmit();
}
