/** A thread that reads recordings: a question over a month must not hold up the pages of others. */
import { parentPort } from 'node:worker_threads';
import type { Failure } from '../../../shared/api/base.ts';
import { failureOf } from '../../../shared/failure.ts';
import { type CopyOptions, copyRecording } from '../file/copy.ts';
import { RecordingFile } from '../file/recording-file.ts';
import { answer, type QuestionInput, type QuestionName } from '../read/questions.ts';

export type ReadRequest =
  | {
      readonly kind: 'ask';
      readonly number: number;
      readonly file: string;
      readonly name: QuestionName;
      readonly input: QuestionInput<QuestionName>;
    }
  /** Lets go of a file, so that it can be put to rest, moved or deleted. */
  | { readonly kind: 'release'; readonly number: number; readonly file: string }
  | {
      readonly kind: 'copy';
      readonly number: number;
      readonly file: string;
      readonly target: string;
      readonly options: CopyOptions;
    };
export type ReadReply =
  | { readonly number: number; readonly kind: 'done'; readonly answer: unknown }
  | { readonly number: number; readonly kind: 'failed'; readonly failure: Failure };

const port = parentPort;
if (!port) throw new Error('read-worker runs as a worker thread only');

const files = new Map<string, RecordingFile>();

function opened(path: string): RecordingFile {
  let file = files.get(path);
  if (!file) {
    file = new RecordingFile(path);
    files.set(path, file);
  }
  return file;
}

function release(path: string): void {
  files.get(path)?.close();
  files.delete(path);
}

port.on('message', async (request: ReadRequest) => {
  const { number, file } = request;
  const reply = (message: ReadReply): void => port.postMessage(message);
  try {
    reply({ number, kind: 'done', answer: await done(request) });
  } catch (thrown) {
    // What failed may have failed because of the file having been replaced: the next question opens it anew.
    release(file);
    reply({ number, kind: 'failed', failure: failureOf(thrown) });
  }
});

function done(request: ReadRequest): unknown {
  switch (request.kind) {
    case 'ask':
      return answer(opened(request.file), request.name, request.input);
    case 'copy':
      return copyRecording(request.file, request.target, request.options);
    case 'release':
      release(request.file);
  }
  return null;
}
