/** Files cross as tokens; which file a token means is the host's knowledge. */
import { writeFile } from 'node:fs/promises';
import type { ChosenFiles } from '../../platform.ts';
import { procedures } from '../../procedures.ts';

export function filesProcedures({ files }: { files: ChosenFiles }) {
  return {
    chooseSave: procedures.files.chooseSave.handler(({ input }) => files.chooseSave(input)),
    chooseOpen: procedures.files.chooseOpen.handler(({ input }) => files.chooseOpen(input)),
    write: procedures.files.write.handler(async ({ input }) => {
      await writeFile(files.path(input.token), Buffer.from(input.base64, 'base64'));
      files.finished(input.token);
    }),
    release: procedures.files.release.handler(({ input }) => files.release(input.token)),
    reveal: procedures.files.reveal.handler(({ input }) => files.reveal(input.token)),
  };
}
