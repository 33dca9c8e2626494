/** The program without a window: an icon in the system's tray while a schedule or a recording needs it, and the way out. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Menu, Notification, nativeImage, Tray } from 'electron';
import type { Log } from '../platform.ts';

export interface TrayParts {
  readonly resourcesFolder: string;
  readonly dataFolder: string;
  readonly log: Log;
  open(): void;
  quit(): void;
}

export class BackgroundTray {
  readonly #parts: TrayParts;
  #tray: Tray | null = null;

  constructor(parts: TrayParts) {
    this.#parts = parts;
  }

  /**
   * @param reasons what goes on, each in a few words; never none
   * @returns false where this desktop has no place for it: then nobody would know that the program still runs
   */
  stay(reasons: readonly string[]): boolean {
    const { resourcesFolder, open, quit, log } = this.#parts;
    try {
      if (!this.#tray) {
        this.#tray = new Tray(nativeImage.createFromPath(join(resourcesFolder, 'tray', 'tray.png')));
        this.#tray.on('click', open);
      }
      this.#tray.setToolTip(`Howdah: ${reasons.join(', ')}`);
      this.#tray.setContextMenu(
        Menu.buildFromTemplate([
          ...reasons.map((label) => ({ label, enabled: false })),
          { type: 'separator' },
          { label: 'Open Howdah', click: open },
          { label: 'Quit Howdah', click: quit },
        ]),
      );
    } catch (thrown) {
      log.warn('there is no tray', { why: String(thrown) });
      return false;
    }
    this.#sayOnce(reasons);
    return true;
  }

  /** A window is there again. */
  leave(): void {
    this.#tray?.destroy();
    this.#tray = null;
  }

  /** The first time only: afterwards the person knows. */
  #sayOnce(reasons: readonly string[]): void {
    const told = join(this.#parts.dataFolder, 'tray-told');
    if (existsSync(told)) return;
    try {
      writeFileSync(told, '', { mode: 0o600 });
    } catch {
      // Then it is said again the next time.
    }
    if (Notification.isSupported())
      new Notification({
        title: 'Howdah goes on without its window',
        body: `${reasons.join(', ')}. To end it, choose Quit in the menu of its icon in the tray.`,
      }).show();
  }
}
