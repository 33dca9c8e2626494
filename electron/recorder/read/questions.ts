/** Every question a recording answers, by name. Each is answered of one moment of the file. */

import type { RecordingFile, Span } from '../file/recording-file.ts';
import { activity } from './activity/activity.ts';
import { shares } from './activity/shares.ts';
import { blocked } from './blocked.ts';
import { collectors } from './collectors.ts';
import { info } from './info.ts';
import { blame, locks } from './locks.ts';
import { objects } from './objects.ts';
import { table } from './series/add-up.ts';
import { series } from './series/series.ts';
import { sessions } from './sessions.ts';
import { span } from './span.ts';
import { remembered } from './statements/remembered.ts';
import { statement, statements } from './statements/statements.ts';

export const questions = {
  info,
  span,
  activity,
  shares,
  sessions,
  locks,
  blocked,
  blame,
  statements,
  statement,
  remembered,
  objects,
  series,
  table,
  collectors,
  events: (file: RecordingFile, input: Span) => file.events(input),
  snapshot: (file: RecordingFile, input: { kind: string; database: string | null; atMs: number }) =>
    file.snapshot(input.kind, input.database, input.atMs),
};
export type Questions = typeof questions;
export type QuestionName = keyof Questions;
export type QuestionInput<Name extends QuestionName> = Parameters<Questions[Name]>[1];
export type Answer<Name extends QuestionName> = ReturnType<Questions[Name]>;

export function answer<Name extends QuestionName>(
  file: RecordingFile,
  name: Name,
  input: QuestionInput<Name>,
): Answer<Name> {
  // One name, so the question, its input and its answer belong together; the table's type does not say that of a union.
  const question = questions[name] as (file: RecordingFile, input: QuestionInput<Name>) => Answer<Name>;
  return file.atOnce(() => question(file, input));
}
