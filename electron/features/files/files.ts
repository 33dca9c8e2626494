/** Files cross as tokens; which file a token means is the host's knowledge. */
import type { ChosenFiles } from '../../platform.ts';
import { procedures } from '../../procedures.ts';

export function filesProcedures({ files }: { files: ChosenFiles }) {
  return {
    chooseSave: procedures.files.chooseSave.handler(({ input }) => files.chooseSave(input)),
    chooseOpen: procedures.files.chooseOpen.handler(({ input }) => files.chooseOpen(input)),
    release: procedures.files.release.handler(({ input }) => files.release(input.token)),
    reveal: procedures.files.reveal.handler(({ input }) => files.reveal(input.token)),
  };
}
