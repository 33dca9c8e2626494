/** A command is one object; the menu, the palette and the keyboard run the same one. */
import { useLayoutEffect, useRef } from 'react';
import { create } from 'zustand';
import { type CommandId, type CommandSpec, commandSpecs } from '../../shared/commands.ts';
import { keysMatch, shownKeys } from './keys.ts';

export interface Command extends CommandSpec {
  readonly when: () => boolean;
  readonly run: () => void;
}

interface Binding {
  readonly when: () => boolean;
  readonly run: () => void;
}

/** What each command does at this moment; the page shown last binds over the one before. */
const useBindings = create<{ readonly bindings: ReadonlyMap<string, readonly Binding[]> }>(() => ({
  bindings: new Map(),
}));

export function bindCommand(id: CommandId, binding: Binding): () => void {
  const change = (edit: (list: readonly Binding[]) => readonly Binding[]) =>
    useBindings.setState(({ bindings }) => {
      const next = new Map(bindings);
      next.set(id, edit(next.get(id) ?? []));
      return { bindings: next };
    });
  change((list) => [...list, binding]);
  return () => change((list) => list.filter((each) => each !== binding));
}

/** Binds a command while the component is shown: from the moment on in which it can be seen, so that no key comes too early. */
export function useCommand(id: CommandId, run: () => void, when: () => boolean = () => true): void {
  const latest = useRef({ run, when });
  latest.current = { run, when };
  useLayoutEffect(() => bindCommand(id, { run: () => latest.current.run(), when: () => latest.current.when() }), [id]);
}

const inBrowser = typeof location !== 'undefined' && location.protocol !== 'app:';
/** The keys of a command on this host. */
export const keysOf = (spec: CommandSpec): string | undefined =>
  inBrowser ? (spec.browserKeys ?? spec.keys) : spec.keys;
export const shownKeysOf = (id: string): string | undefined => {
  const spec: CommandSpec | undefined = commandSpecs.find((each) => each.id === id);
  const keys = spec && (keysOf(spec) ?? spec.editorKeys);
  return keys ? shownKeys(keys) : undefined;
};

/** The commands that can be run now. */
export function runnableCommands(): Command[] {
  const { bindings } = useBindings.getState();
  return commandSpecs.flatMap((spec: CommandSpec) => {
    const binding = bindings.get(spec.id)?.at(-1);
    return binding?.when() ? [{ ...spec, ...binding }] : [];
  });
}

/** For who lists them while pages come: another value whenever a command was bound or let go. */
export const useBoundCommands = (): unknown => useBindings(({ bindings }) => bindings);

/** Every command with whether it can be run now, for a native menu. */
export function menuOfCommands(): (CommandSpec & { readonly enabled: boolean })[] {
  const runnable = new Set(runnableCommands().map((command) => command.id));
  return commandSpecs.map((spec: CommandSpec) => ({ ...spec, keys: keysOf(spec), enabled: runnable.has(spec.id) }));
}

/** Calls the listener after commands were bound or let go. */
export const onCommandsChange = (listener: () => void): (() => void) => useBindings.subscribe(listener);

export function runCommand(id: string): boolean {
  const command = runnableCommands().find((each) => each.id === id);
  command?.run();
  return command !== undefined;
}

/** Listens to the keyboard for all commands; once, in the shell. */
export function listenToKeys(target: Window): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = runnableCommands().find((each) => {
      const keys = keysOf(each);
      return keys !== undefined && keysMatch(keys, event);
    });
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    command.run();
  };
  // Before the editor sees the key: a shortcut means the same everywhere.
  target.addEventListener('keydown', onKeyDown, { capture: true });
  return () => target.removeEventListener('keydown', onKeyDown, { capture: true });
}
