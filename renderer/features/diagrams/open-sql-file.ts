/** A diagram of what a file of SQL would make; nothing in it is run. */
import { chooseFile } from '../../client/choose-file.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { shownCount } from '../../ui/amounts.ts';
import { toast } from '../../ui/toast.tsx';
import { openTab } from '../../workspace/tabs.ts';

export async function openSqlDiagram(): Promise<void> {
  try {
    const file = await chooseFile({
      title: 'Diagram of a file of SQL',
      kind: { name: 'SQL', extensions: ['sql', 'ddl', 'txt'] },
    });
    if (!file) return;
    const { scriptId, tables, unread } = await client.diagrams.readSql({ fileToken: file.token, name: file.name });
    openTab({ kind: 'diagram', connectionId: null, database: null, scriptId }, { title: file.name });
    const [first] = unread;
    if (first)
      toast(
        `${shownCount(tables)} tables were read; ${shownCount(unread.length)} statements could not be. The first is on line ${shownCount(first.line)}: ${first.message}`,
        'warning',
      );
  } catch (thrown) {
    toast(failureFrom(thrown).message, 'danger');
  }
}
