/** The person's settings: one row a name, defaults for what is not there or no longer valid; and the mail server. */
import type Database from 'better-sqlite3';
import { defaultSettings, type Settings, settings as schema } from '../../shared/api/app.ts';
import { type MailServer, mailServer } from '../../shared/api/mail.ts';
import { told } from './open.ts';

export interface SettingsStore {
  read(): Settings;
  write(change: Partial<Settings>): Settings;
}

export function createSettingsStore(db: Database.Database): SettingsStore {
  const all = db.prepare<[], { name: string; value: string }>('SELECT name, value FROM setting');
  const put = db.prepare(
    'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const read = (): Settings => {
    const kept: Record<string, unknown> = {};
    for (const { name, value } of all.all()) {
      const field = schema.shape[name as keyof Settings]?.safeParse(parsed(value));
      if (field?.success) kept[name] = field.data;
    }
    return schema.parse({ ...defaultSettings, ...kept });
  };
  return {
    read: () => told(read),
    write: (change) =>
      told(() => {
        const write = db.transaction(() => {
          for (const [name, value] of Object.entries(change))
            if (value !== undefined) put.run(name, JSON.stringify(value));
        });
        write.immediate();
        return read();
      }),
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Its password is with the secrets. */
export interface MailStore {
  server(): MailServer | null;
  putServer(server: MailServer | null): void;
}

export function createMailStore(db: Database.Database): MailStore {
  const get = db.prepare<[], { value: string }>("SELECT value FROM setting WHERE name = 'mailServer'");
  const put = db.prepare(
    "INSERT INTO setting (name, value) VALUES ('mailServer', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  );
  const remove = db.prepare("DELETE FROM setting WHERE name = 'mailServer'");
  return {
    server: () =>
      told(() => {
        const row = get.get();
        const parsed = row ? mailServer.safeParse(JSON.parse(row.value)) : null;
        return parsed?.success ? parsed.data : null;
      }),
    putServer: (server) => told(() => void (server === null ? remove.run() : put.run(JSON.stringify(server)))),
  };
}
