/** Chosen files by the system's own dialogs. The page gets a token and a name; the path stays here. */
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { app, type BrowserWindow, dialog, shell } from 'electron';
import type { ChosenFile } from '../../shared/api/files.ts';
import { invalid } from '../../shared/failure.ts';
import type { ChosenFiles, FileKind } from '../platform.ts';

interface Chosen {
  readonly path: string;
  finished: boolean;
}

/** @param window the window that a dialog belongs to, if there is one */
export function createDialogFiles(window: () => BrowserWindow | null): ChosenFiles {
  const chosen = new Map<string, Chosen>();
  let lastFolder: string | undefined;

  const remember = (path: string | undefined): ChosenFile | null => {
    if (!path) return null;
    lastFolder = dirname(path);
    const token = randomBytes(24).toString('base64url');
    chosen.set(token, { path, finished: false });
    return { token, name: basename(path) };
  };
  const known = (token: string): Chosen => {
    const file = chosen.get(token);
    if (!file) throw invalid('token', 'This file is not known (any more). Choose it again.');
    return file;
  };

  return {
    async chooseSave({ suggestedName, kinds }) {
      // A page's suggestion is a name, whatever it looks like.
      const name = basename(suggestedName.replaceAll('\\', '/'));
      const options = {
        defaultPath: join(lastFolder ?? app.getPath('documents'), name),
        filters: kinds.map(filter),
      };
      const owner = window();
      const answer = await (owner ? dialog.showSaveDialog(owner, options) : dialog.showSaveDialog(options));
      return answer.canceled ? null : remember(answer.filePath);
    },
    async chooseOpen({ title, kinds }) {
      const options = { title, filters: kinds.map(filter), properties: ['openFile' as const] };
      const owner = window();
      const answer = await (owner ? dialog.showOpenDialog(owner, options) : dialog.showOpenDialog(options));
      return answer.canceled ? null : remember(answer.filePaths[0]);
    },
    path: (token) => known(token).path,
    finished: (token) => {
      known(token).finished = true;
    },
    // Only forgotten: an unfinished file was never written under this name, and an older one there is the person's.
    release: async (token) => void chosen.delete(token),
    async reveal(token) {
      const file = known(token);
      if (!file.finished) throw invalid('token', 'The file has not been written yet.');
      shell.showItemInFolder(file.path);
    },
  };
}

const filter = ({ name, extensions }: FileKind): { name: string; extensions: string[] } => ({
  name,
  extensions: [...extensions],
});
