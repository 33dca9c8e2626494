/** Which client programs there are for a choice, and what would be run. */
import { join } from 'node:path';
import type { BackupChoice } from '../../../shared/api/backups.ts';
import { type FoundToolsAnswer, subjectOf } from '../../../shared/api/dump-tool.ts';
import { failureOf } from '../../../shared/failure.ts';
import { backupName, endings } from '../../postgres/backup/archive/backup-name.ts';
import { findTools, fittingTools } from '../../postgres/backup/tools/find-tools.ts';
import { dumpCommand, formOf } from '../../postgres/backup/tools/run-pg-dump.ts';
import type { ConnectSpec } from '../../postgres/source.ts';

export async function toolsFor(
  choice: BackupChoice,
  folder: string,
  spec: ConnectSpec,
  serverVersionNum: number,
): Promise<FoundToolsAnswer> {
  const found = await findTools();
  const usable = found.usable.map(({ folder: place, version }) => ({ folder: place, version }));
  const answer = { usable, broken: [...found.broken], fitting: null, why: null, command: null };
  const { tool, jobs } = choice;
  try {
    const tools = fittingTools(found, serverVersionNum);
    const fitting = { folder: tools.folder, version: tools.version };
    if (!tool) return { ...answer, fitting };
    const path = join(folder, backupName(subjectOf(tool, spec.database), new Date(), endings[formOf(tool)]));
    try {
      return { ...answer, fitting, command: dumpCommand(tools, { spec, tool, choice, path, jobs }) };
    } catch (thrown) {
      return { ...answer, fitting, why: failureOf(thrown).message };
    }
  } catch (thrown) {
    return { ...answer, why: failureOf(thrown).message };
  }
}
