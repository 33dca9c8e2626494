/** The program itself: what it is, its settings, and what the host has to say to the page. */
import { EventPublisher } from '@orpc/server';
import type { AppEvent, AppInfo } from '../../../shared/api/app.ts';
import type { Platform } from '../../platform.ts';
import { procedures, stream } from '../../procedures.ts';
import type { SettingsStore } from '../../store/settings.ts';

export interface AppDeps {
  readonly platform: Platform;
  readonly settings: SettingsStore;
  readonly setAside: AppInfo['setAside'];
}

/** The procedures, and `tell`, by which other parts of the backend say something to every open page. */
export function createApp({ platform, settings, setAside }: AppDeps) {
  const events = new EventPublisher<{ event: AppEvent }>();
  const tell = (event: AppEvent): void => events.publish('event', event);
  const stopListening = platform.onHostEvent(tell);

  return {
    tell,
    close: stopListening,
    procedures: {
      info: procedures.app.info.handler(async () => ({
        version: platform.version,
        host: platform.host,
        platform: process.platform,
        dataFolder: platform.dataFolder,
        secrets: await platform.secrets.state(),
        setAside: [...setAside],
      })),
      settings: procedures.app.settings.handler(() => settings.read()),
      saveSettings: procedures.app.saveSettings.handler(({ input }) => {
        const saved = settings.write(input);
        tell({ kind: 'settings', settings: saved });
        return saved;
      }),
      events: procedures.app.events.handler(({ signal }) => stream(events.subscribe('event', { signal }))),
      setCommands: procedures.app.setCommands.handler(({ input }) => platform.setCommands(input.commands)),
      notify: procedures.app.notify.handler(({ input }) => platform.notify(input)),
      openExternal: procedures.app.openExternal.handler(({ input }) => platform.openExternal(input.url)),
    },
  };
}
