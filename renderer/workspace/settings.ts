/** The person's settings as the page knows them; written through the backend, which tells every window. */
import { create } from 'zustand';
import { defaultSettings, type Settings } from '../../shared/api/app.ts';
import { client } from '../client/connect.ts';

export const useSettings = create<Settings>(() => defaultSettings);

/** As the backend told them last, and what was changed here and is not answered yet, in its order. */
let told = defaultSettings;
let underWay: readonly Partial<Settings>[] = [];
const show = () => useSettings.setState(Object.assign({}, told, ...underWay));

/** The backend has told them. What was changed here since stands over them: the next change builds on it. */
export function takeSettings(settings: Settings): void {
  told = settings;
  show();
}

/**
 * Changes settings: in the page at once, so that the next change of the same setting begins with this one, and for good
 * when the backend has them. Throws what the backend says; the page then has what was before.
 */
export async function changeSettings(
  change: Partial<Settings>,
  save: (change: Partial<Settings>) => Promise<Settings> = client.app.saveSettings,
): Promise<void> {
  underWay = [...underWay, change];
  show();
  try {
    told = await save(change);
  } finally {
    underWay = underWay.filter((each) => each !== change);
    show();
  }
}
