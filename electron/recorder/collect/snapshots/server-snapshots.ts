/** Settings (and what changed in them), roles and extensions. */
import type { SettingsSnapshot } from '../../../../shared/metrics/snapshots.ts';
import type { Collecting, Collector } from '../collector.ts';
import { extensionList, roleList, settingList, settingOverrides } from '../server-facts.sql.ts';

const everyMs = 600_000;
const now = async (collecting: Collecting): Promise<number> => collecting.place((await collecting.link.moment()).atMs);

export function settingsCollector(): Collector {
  let before: Map<string, string> | null = null;
  return {
    id: 'settings',
    label: 'Settings',
    everyMs,
    since: 10,
    sql: (major) => settingList.text(major),
    forget() {
      before = null;
    },
    async run(collecting) {
      const atMs = await now(collecting);
      const settings = await collecting.link.askWith(settingList, []);
      const overrides = await collecting.link.askWith(settingOverrides, []);
      const content: SettingsSnapshot = { settings, overrides };
      collecting.snapshot({ kind: 'settings', database: null, atMs, content });
      const found = valuesOf(content);
      if (before) tellChanges(collecting, before, found, atMs);
      before = found;
      return settings.length + overrides.length;
    },
  };
}

function valuesOf({ settings, overrides }: SettingsSnapshot): Map<string, string> {
  const values = new Map(settings.map(({ name, setting, unit }) => [name, unit ? `${setting} ${unit}` : setting]));
  for (const { database, role, setting } of overrides) {
    const [name = '', ...value] = setting.split('=');
    const where = [role && `role ${role}`, database && `database ${database}`].filter(Boolean).join(' in ');
    values.set(`${name} for ${where || 'everybody'}`, value.join('='));
  }
  return values;
}

function tellChanges(
  collecting: Collecting,
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
  atMs: number,
): void {
  for (const subject of new Set([...before.keys(), ...now.keys()])) {
    const [old, value] = [before.get(subject) ?? null, now.get(subject) ?? null];
    if (old !== value) collecting.event({ atMs, kind: 'setting', database: null, subject, before: old, after: value });
  }
}

export const rolesCollector = (): Collector => ({
  id: 'roles',
  label: 'Roles',
  everyMs,
  since: 10,
  sql: (major) => roleList.text(major),
  async run(collecting) {
    const atMs = await now(collecting);
    const content = await collecting.link.askWith(roleList, []);
    collecting.snapshot({ kind: 'roles', database: null, atMs, content });
    return content.length;
  },
});

export const extensionsCollector = (): Collector => ({
  id: 'extensions',
  label: 'Extensions',
  everyMs,
  since: 10,
  sql: (major) => extensionList.text(major),
  async run(collecting) {
    const atMs = await now(collecting);
    const content = await collecting.link.askWith(extensionList, []);
    const [database = null] = await collecting.databases();
    collecting.snapshot({ kind: 'extensions', database, atMs, content });
    return content.length;
  },
});
