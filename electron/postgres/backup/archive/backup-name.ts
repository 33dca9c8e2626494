/** How a backup's file is called where nobody says: the database and the moment, safe on every system. */

import type { BackupForm } from '../../../../shared/api/dump-tool.ts';

export const backupEnding = '.hbk';
/** A directory archive is a folder. */
export const endings: Readonly<Record<BackupForm, string>> = {
  howdah: backupEnding,
  custom: '.dump',
  directory: '.dir',
  tar: '.tar',
  plain: '.sql',
};

export function backupName(database: string, at: Date, ending = backupEnding): string {
  const name =
    database
      .replaceAll(/[^\p{L}\p{N}_.-]+/gu, '_')
      .replace(/^\.+/, '_')
      .slice(0, 80) || 'database';
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  return `${name}-${day}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}${ending}`;
}
