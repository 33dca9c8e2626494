import { useEffect } from 'react';
import { client } from '../client/connect.ts';
import { menuOfCommands, onCommandsChange } from '../workspace/commands.ts';
import { useTabs } from '../workspace/tabs.ts';

const restMs = 150;

/** Tells the desktop's native menu which commands there are and which can be run now. */
export function useNativeMenu(desktop: boolean): void {
  useEffect(() => {
    if (!desktop) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let told = '';
    const tell = () => {
      const commands = menuOfCommands().map(({ id, label, keys, menu, enabled }) => ({
        id,
        label,
        keys,
        menu,
        enabled,
      }));
      const now = JSON.stringify(commands);
      if (now === told) return;
      told = now;
      client.app.setCommands({ commands }).catch(() => {
        told = '';
      });
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(tell, restMs);
    };
    const leave = [onCommandsChange(soon), useTabs.subscribe(soon)];
    soon();
    return () => {
      clearTimeout(timer);
      for (const stop of leave) stop();
    };
  }, [desktop]);
}
