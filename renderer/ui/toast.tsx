import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { create } from 'zustand';
import { IconButton } from './button.tsx';
import { cx } from './class-names.ts';

interface Toast {
  readonly id: number;
  readonly tone: 'info' | 'warning' | 'danger' | 'success';
  readonly message: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}
interface Toasts {
  readonly toasts: readonly Toast[];
  add(toast: Omit<Toast, 'id'>): void;
  remove(id: number): void;
}

let nextId = 1;
const useToasts = create<Toasts>((set) => ({
  toasts: [],
  add: (toast) => {
    const id = nextId++;
    // The same again takes the place of the one before.
    const others = (now: Toasts) => now.toasts.filter((other) => other.message !== toast.message);
    set((now) => ({ toasts: [...others(now).slice(-3), { ...toast, id }] }));
  },
  remove: (id) => set((now) => ({ toasts: now.toasts.filter((toast) => toast.id !== id) })),
}));

/** Says something that belongs to no place on the screen. */
export const toast = (message: string, tone: Toast['tone'] = 'info', action?: Toast['action']): void =>
  useToasts.getState().add({ message, tone, ...(action ? { action } : {}) });

const edges = {
  info: 'border-l-accent',
  success: 'border-l-success',
  warning: 'border-l-warning',
  danger: 'border-l-danger',
};

/** How long it stands: what can be pressed has to be read and reached first. */
const standsMs = { told: 5_000, asking: 15_000, warned: 15_000 };

/** What went wrong, and a warning with something to do, stays until it is dismissed; the rest goes by itself, but not from under the pointer. */
function useLeaving({ tone, action }: Toast, leave: () => void): (held: boolean) => void {
  const [held, setHeld] = useState(false);
  const latest = useRef(leave);
  latest.current = leave;
  const stays = held || tone === 'danger' || (tone === 'warning' && action !== undefined);
  const afterMs = action ? standsMs.asking : tone === 'warning' ? standsMs.warned : standsMs.told;
  useEffect(() => {
    if (stays) return;
    const timer = setTimeout(() => latest.current(), afterMs);
    return () => clearTimeout(timer);
  }, [stays, afterMs]);
  return setHeld;
}

/** Where toasts appear; once, in the shell. Above what stands at a page's lower edge: buttons that run or save its work. */
export function Toaster() {
  const { toasts, remove } = useToasts();
  return (
    <section
      aria-label="Notifications"
      className="pointer-events-none fixed right-4 bottom-24 z-50 flex w-80 flex-col gap-2"
    >
      {toasts.map((item) => (
        <OneToast key={item.id} item={item} onRemove={() => remove(item.id)} />
      ))}
    </section>
  );
}

function OneToast({ item, onRemove }: { item: Toast; onRemove: () => void }) {
  const hold = useLeaving(item, onRemove);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer only holds it
    <div
      role={item.tone === 'danger' ? 'alert' : 'status'}
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
      className={cx(
        'pointer-events-auto flex items-start gap-2 rounded-md border-l-4 bg-raised py-2 pr-2 pl-3 text-sm shadow-overlay',
        edges[item.tone],
      )}
    >
      <p className="selectable min-w-0 flex-1 break-words">{item.message}</p>
      {item.action && (
        <button
          type="button"
          className="shrink-0 font-medium text-accent hover:underline"
          onClick={() => {
            item.action?.run();
            onRemove();
          }}
        >
          {item.action.label}
        </button>
      )}
      <IconButton label="Dismiss" icon={<X size={14} strokeWidth={1.75} />} onClick={onRemove} />
    </div>
  );
}
