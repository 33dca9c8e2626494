/** What a host must supply. The desktop's is in desktop/, the browser's in web/; the command line uses the browser's. */
import type { MenuCommand } from '../shared/api/app.ts';
import type { ChosenFile } from '../shared/api/files.ts';

/** Where secrets live. Values never leave the backend; keys are `<connectionId>/<secretName>`. */
export interface Secrets {
  /** keychain: the OS's. vault: our encrypted file, open. vaultLocked: it wants its passphrase. none: nothing can be kept. */
  state(): Promise<'keychain' | 'vault' | 'vaultLocked' | 'none'>;
  /** Null where there is none. Throws connection/secretsLocked where the store is locked. */
  get(key: string): Promise<string | null>;
  /** Throws unsupported where nothing can be kept; the caller then keeps it in memory. */
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
  /** The keys that have been kept, locked or not; reads no secret and asks nobody. */
  savedKeys(): Promise<readonly string[]>;
  /** Opens (or, with `create`, first makes) the vault. Throws invalid on a wrong passphrase. */
  unlockVault(passphrase: string, create: boolean): Promise<void>;
}

/** Files a person chose: the page holds a token, the path stays here. */
export interface ChosenFiles {
  chooseSave(input: { suggestedName: string; kinds: readonly FileKind[] }): Promise<ChosenFile | null>;
  chooseOpen(input: { title: string; kinds: readonly FileKind[] }): Promise<ChosenFile | null>;
  /** The path behind a token, for features; throws invalid for a token nobody gave out. */
  path(token: string): string;
  /** Says that the file behind the token is complete (a browser may now download it). */
  finished(token: string): void;
  release(token: string): Promise<void>;
  reveal(token: string): Promise<void>;
}
export interface FileKind {
  readonly name: string;
  readonly extensions: readonly string[];
}

/** Never given a secret, a statement's text or a value: those are data of the person's servers. */
export interface Log {
  info(message: string, facts?: Record<string, unknown>): void;
  warn(message: string, facts?: Record<string, unknown>): void;
  error(message: string, facts?: Record<string, unknown>): void;
}

export interface Platform {
  readonly host: 'desktop' | 'browser';
  readonly version: string;
  /** Exists, owned by this user, mode 0700. */
  readonly dataFolder: string;
  /** Files shipped with the program (resources/ of the checkout, or beside the packaged app). */
  readonly resourcesFolder: string;
  readonly secrets: Secrets;
  readonly files: ChosenFiles;
  readonly log: Log;
  notify(message: { title: string; body: string }): void;
  openExternal(url: string): Promise<void>;
  /** The system's own dialog, where there is one: a folder's path, or null. */
  chooseFolder?(title: string): Promise<string | null>;
  /** Where saved queries are files, as named at the start. */
  readonly queriesFolder?: string | undefined;
  /** What the native menu offers beside the system's own items; nothing where there is no menu. */
  setCommands(commands: readonly MenuCommand[]): void;
  /** Suspend and resume of the machine, and commands chosen in a native menu. */
  onHostEvent(listener: (event: HostEvent) => void): () => void;
}
export type HostEvent = { kind: 'suspend' } | { kind: 'resume' } | { kind: 'command'; commandId: string };
