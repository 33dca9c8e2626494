/** Settings as lines of a list: with what holds for one database or role beside the server's own; and two compared. Pure. */
import type { SettingsSnapshot } from '../../../../shared/metrics/snapshots.ts';

export interface SettingRow {
  readonly key: string;
  readonly name: string;
  /** For whom, where it is not everybody: `role app in database shop`. */
  readonly scope: string;
  readonly value: string;
  readonly bootValue: string | null;
  readonly source: string;
  readonly category: string;
  readonly context: string;
  readonly description: string;
  readonly pendingRestart: boolean;
  /** Not what the server begins with when nobody says anything. */
  readonly changed: boolean;
}

export interface SettingChange {
  readonly key: string;
  readonly name: string;
  readonly scope: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly description: string;
}

const blocks: Readonly<Record<string, number>> = { '8kB': 8192, kB: 1024, B: 1, MB: 1_048_576, '16MB': 16_777_216 };
const bytesNames = ['B', 'kB', 'MB', 'GB', 'TB'];

/** As one writes it in the configuration: `4GB` for 524288 of 8 kB, `5min` stays `300 s`; without a unit as it is. */
export function settingText(setting: string, unit: string | null): string {
  if (unit === null) return setting;
  const size = blocks[unit];
  const amount = Number(setting);
  if (size === undefined || !Number.isFinite(amount) || amount < 0) return amount === -1 ? '-1' : `${setting} ${unit}`;
  let value = amount * size;
  let at = 0;
  while (value >= 1024 && value % 1024 === 0 && at < bytesNames.length - 1) {
    value /= 1024;
    at++;
  }
  return `${value} ${bytesNames[at]}`;
}

const scopeOf = (role: string | null, database: string | null): string =>
  [role !== null && `role ${role}`, database !== null && `database ${database}`].filter(Boolean).join(' in ');

export function settingRows({ settings, overrides }: SettingsSnapshot): SettingRow[] {
  const byName = new Map(settings.map((each) => [each.name, each]));
  const own = settings.map((each) => ({
    key: each.name,
    name: each.name,
    scope: '',
    value: settingText(each.setting, each.unit),
    bootValue: each.bootValue === null ? null : settingText(each.bootValue, each.unit),
    source: each.source,
    category: each.category,
    context: each.context,
    description: each.description,
    pendingRestart: each.pendingRestart,
    changed: each.source !== 'default' && each.setting !== each.bootValue,
  }));
  const special = overrides.map(({ role, database, setting }) => {
    const equals = setting.indexOf('=');
    const name = setting.slice(0, equals);
    const scope = scopeOf(role, database);
    const about = byName.get(name);
    return {
      key: `${name} for ${scope}`,
      name,
      scope,
      value: setting.slice(equals + 1),
      bootValue: about?.bootValue == null ? null : settingText(about.bootValue, about.unit),
      source: database === null ? 'role' : role === null ? 'database' : 'role in database',
      category: about?.category ?? '',
      context: about?.context ?? '',
      description: about?.description ?? '',
      pendingRestart: false,
      changed: true,
    };
  });
  return [...own, ...special];
}

/** What is not the same in both, by name. */
export function settingChanges(before: SettingsSnapshot, after: SettingsSnapshot): SettingChange[] {
  const old = new Map(settingRows(before).map((row) => [row.key, row]));
  const now = new Map(settingRows(after).map((row) => [row.key, row]));
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((key) => old.get(key)?.value !== now.get(key)?.value)
    .map((key) => {
      const row = now.get(key) ?? old.get(key);
      return {
        key,
        name: row?.name ?? key,
        scope: row?.scope ?? '',
        before: old.get(key)?.value ?? null,
        after: now.get(key)?.value ?? null,
        description: row?.description ?? '',
      };
    })
    .toSorted((a, b) => a.key.localeCompare(b.key, 'en'));
}
