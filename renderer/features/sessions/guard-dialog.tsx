import { type FormEvent, useId, useState } from 'react';
import type { GuardConcern } from '../../../shared/api/guard.ts';
import { shownCount } from '../../ui/amounts.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { environmentMark } from '../../workspace/connection-look.ts';
import { type Question, useQuestion } from './before-run.ts';

/** Asks before a run that the connection's guard rails want confirmed. */
export function GuardDialog({ tabId }: { tabId: string }) {
  const question = useQuestion(tabId);
  // A new question starts with an empty field.
  return question ? <Asking key={question.verdict.permit} question={question} /> : null;
}

function Asking({ question: { verdict, answer } }: { question: Question }) {
  const { connectionName, environment, typeName, concerns, more } = verdict;
  const [typed, setTyped] = useState('');
  const form = useId();
  const may = typeName === null || typed === typeName;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (may) answer(true);
  };
  const mark = environmentMark[environment];
  return (
    <Dialog
      open
      onClose={() => answer(false)}
      title={titleOf(concerns, more)}
      footerStart={
        <span className="flex min-w-0 items-center gap-2 text-sm text-muted">
          {mark && <span className={cx('rounded-sm px-1.5 text-2xs font-medium', mark.className)}>{mark.label}</span>}
          <span className="truncate">{visibleText(connectionName)}</span>
        </span>
      }
      footer={
        <>
          <Button onClick={() => answer(false)}>Do not run</Button>
          <Button kind="danger" type="submit" form={form} disabled={!may}>
            Run
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-3">
        <ul className="flex flex-col gap-2">
          {concerns.map((concern, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list does not change while it is asked about
            <Concern key={at} concern={concern} />
          ))}
        </ul>
        {more > 0 && <p className="text-sm text-muted">and {shownCount(more)} more of the like</p>}
        {typeName !== null && (
          <Field label={`Type ${visibleText(typeName)} to run it`}>
            {(ids) => (
              <TextInput
                {...ids}
                mono
                autoFocus
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
                className="max-w-80"
              />
            )}
          </Field>
        )}
      </form>
    </Dialog>
  );
}

function titleOf(concerns: readonly GuardConcern[], more: number): string {
  const [first, ...others] = concerns;
  if (!first) return 'Run this?';
  if (others.length + more > 0) return `Run these ${shownCount(concerns.length + more)} changes?`;
  const target = first.target ? ` ${visibleText(first.target)}` : '';
  const words = first.command.toUpperCase();
  return `Run ${words}${target.length > 60 ? `${target.slice(0, 59)}…` : target}?`;
}

function Concern({ concern }: { concern: GuardConcern }) {
  const grave = concern.class === 'destroy' || concern.class === 'writeAll';
  return (
    <li className="flex gap-2 text-sm">
      <span
        className={cx(
          'mt-px h-[18px] shrink-0 rounded-sm px-1.5 font-mono text-2xs leading-[18px]',
          grave ? 'bg-danger-soft text-danger' : 'bg-sunken text-muted',
        )}
      >
        {concern.command.toUpperCase()}
      </span>
      <div className="selectable min-w-0 flex-1">
        <p className="break-words">{visibleText(concern.what)}</p>
        {concern.evidence.map((line) => (
          <p key={line} className="text-xs break-words text-muted">
            {visibleText(line)}
          </p>
        ))}
      </div>
    </li>
  );
}
