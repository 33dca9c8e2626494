/** The program itself: what it is, where it runs, its settings, and what the host has to say to the page. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { menus } from '../commands.ts';
import { defaultStyle, formatStyle } from '../format/style.ts';
import { admin, viewer } from './base.ts';

export const hostKind = z.enum(['desktop', 'browser']);

export const appInfo = z.object({
  version: z.string(),
  host: hostKind,
  platform: z.string(),
  /** Where the data folder is, for display only. */
  dataFolder: z.string(),
  /** How passwords are kept on this machine: in the OS keychain, in our encrypted file, or not at all. */
  secrets: z.enum(['keychain', 'vault', 'vaultLocked', 'none']),
  /** Files of ours that were found damaged at start and set aside; to be shown once. */
  setAside: z.array(z.object({ file: z.string(), keptAs: z.string(), reason: z.string() })),
});
export type AppInfo = z.infer<typeof appInfo>;

export const settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  /** Rows after which a statement in the editor is cut off. */
  rowLimit: z.number().int().min(1).max(100_000_000),
  editorFontSizePx: z.number().int().min(8).max(40),
  stopOnError: z.boolean(),
  /** Milliseconds, for tabs that set none themselves; null: as the server, the role and the connection have it. */
  statementTimeoutMs: z.number().int().min(0).max(2_147_483_647).nullable(),
  lockTimeoutMs: z.number().int().min(0).max(2_147_483_647).nullable(),
  /** A run that took longer is told of when it ends and nobody looks at it. */
  longRunMs: z.number().int().min(1000).max(86_400_000),
  /** Ids of checks that are switched off (shared/lint/rule-list.ts). */
  checksOff: z.array(z.string().max(60)).max(200),
  /** Whether statements are analysed by the server while they are typed. */
  checkOnServer: z.boolean(),
  /** Whether the editor shows what is remembered beside each statement. */
  editorMemory: z.boolean(),
  /** Processors of a server, by what the recording calls it (the server itself cannot be asked). */
  vcpus: z.record(z.string().max(80), z.number().min(0.1).max(10_000)),
  format: formatStyle,
});
export type Settings = z.infer<typeof settings>;

/** What holds until the person chooses otherwise. */
export const defaultSettings: Settings = {
  theme: 'system',
  rowLimit: 500_000,
  editorFontSizePx: 13,
  stopOnError: true,
  statementTimeoutMs: null,
  lockTimeoutMs: null,
  longRunMs: 10_000,
  checksOff: [],
  checkOnServer: true,
  editorMemory: true,
  vcpus: {},
  format: defaultStyle,
};

export const appEvent = z.discriminatedUnion('kind', [
  /** A native menu item was chosen: run the command of that id. */
  z.object({ kind: z.literal('command'), commandId: z.string() }),
  z.object({ kind: z.literal('settings'), settings }),
  z.object({ kind: z.literal('suspend') }),
  z.object({ kind: z.literal('resume') }),
  /** Something the person must know that belongs to no open page (a full disk, say). */
  z.object({ kind: z.literal('notice'), level: z.enum(['info', 'warning', 'error']), message: z.string() }),
]);
export type AppEvent = z.infer<typeof appEvent>;

/** A command of the page as the native menu shows it. */
export const menuCommand = z.object({
  id: z.string().min(1).max(100),
  label: z.string().min(1).max(100),
  /** As the page writes them: `Mod+K`, `Shift+F5`. */
  keys: z.string().max(40).optional(),
  menu: z.enum(menus),
  enabled: z.boolean(),
});
export type MenuCommand = z.infer<typeof menuCommand>;

export const app = {
  info: viewer.output(appInfo),
  settings: viewer.output(settings),
  saveSettings: admin.input(settings.partial()).output(settings),
  events: viewer.output(eventIterator(appEvent)),
  /** The page's commands, in their order, for the desktop's native menu; a choice comes back as a `command` event. */
  setCommands: viewer.input(z.object({ commands: z.array(menuCommand).max(300) })).output(z.void()),
  /** Shows a notification of the system, where the host can. */
  notify: viewer.input(z.object({ title: z.string().max(200), body: z.string().max(1000) })).output(z.void()),
  /** Opens a web page in the person's browser; https and mailto only. */
  openExternal: viewer.input(z.object({ url: z.url().max(2048) })).output(z.void()),
};
