import { Check } from 'lucide-react';
import { ContextMenu as RadixContext, DropdownMenu as RadixDropdown } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './class-names.ts';
import { giveFocusBack } from './focus/keyboard-focus.ts';

/** A line of a menu as data, so that a dropdown and a context menu show the same thing. */
export type MenuEntry =
  | {
      readonly kind?: 'item';
      readonly label: string;
      readonly icon?: ReactNode;
      readonly keys?: string;
      readonly disabled?: boolean;
      readonly danger?: boolean;
      readonly run: () => void;
    }
  | {
      readonly kind: 'choice';
      readonly label: string;
      readonly checked: boolean;
      readonly disabled?: boolean;
      readonly run: () => void;
    }
  | { readonly kind: 'heading'; readonly label: string }
  | { readonly kind: 'separator' }
  | {
      readonly kind: 'submenu';
      readonly label: string;
      readonly icon?: ReactNode;
      readonly entries: readonly MenuEntry[];
    };

const box = 'z-50 min-w-44 max-h-[80vh] overflow-auto rounded-md bg-raised p-1 text-sm shadow-overlay';
const row =
  'flex h-7 items-center gap-2 rounded-sm px-2 outline-none data-[highlighted]:bg-selected data-[disabled]:opacity-45';

function entries(list: readonly MenuEntry[], Kit: typeof RadixDropdown | typeof RadixContext): ReactNode {
  return list.map((entry, at) => {
    const key = `${at}:${'label' in entry ? entry.label : ''}`;
    if (entry.kind === 'separator') return <Kit.Separator key={key} className="mx-1 my-1 h-px bg-line" />;
    if (entry.kind === 'heading') {
      return (
        <Kit.Label key={key} className="px-2 pt-1.5 pb-0.5 text-2xs font-medium text-faint">
          {entry.label}
        </Kit.Label>
      );
    }
    if (entry.kind === 'submenu') {
      return (
        <Kit.Sub key={key}>
          <Kit.SubTrigger className={row}>
            <span className="flex w-4 justify-center">{entry.icon}</span>
            <span className="flex-1">{entry.label}</span>
            <span className="text-faint" aria-hidden>
              ›
            </span>
          </Kit.SubTrigger>
          <Kit.Portal>
            <Kit.SubContent className={box}>{entries(entry.entries, Kit)}</Kit.SubContent>
          </Kit.Portal>
        </Kit.Sub>
      );
    }
    if (entry.kind === 'choice') {
      return (
        <Kit.CheckboxItem
          key={key}
          checked={entry.checked}
          disabled={entry.disabled}
          onSelect={entry.run}
          className={row}
        >
          <span className="flex w-4 justify-center">
            <Kit.ItemIndicator>
              <Check size={14} strokeWidth={2} />
            </Kit.ItemIndicator>
          </span>
          <span className="flex-1 truncate">{entry.label}</span>
        </Kit.CheckboxItem>
      );
    }
    return (
      <Kit.Item
        key={key}
        disabled={entry.disabled}
        onSelect={entry.run}
        className={cx(row, entry.danger && 'text-danger')}
      >
        <span className="flex w-4 justify-center">{entry.icon}</span>
        <span className="flex-1 truncate">{entry.label}</span>
        {entry.keys && <span className="pl-4 text-2xs text-faint">{entry.keys}</span>}
      </Kit.Item>
    );
  });
}

/** A menu that a button opens. */
export function DropdownMenu({
  trigger,
  items,
  align = 'start',
}: {
  trigger: ReactNode;
  /** A function is asked when the menu opens. */
  items: readonly MenuEntry[] | (() => readonly MenuEntry[]);
  align?: 'start' | 'end';
}) {
  return (
    <RadixDropdown.Root>
      <RadixDropdown.Trigger asChild>{trigger}</RadixDropdown.Trigger>
      <RadixDropdown.Portal>
        <RadixDropdown.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={giveFocusBack}
          className={box}
        >
          <LazyEntries items={typeof items === 'function' ? items : () => items} kit={RadixDropdown} />
        </RadixDropdown.Content>
      </RadixDropdown.Portal>
    </RadixDropdown.Root>
  );
}

/** A menu at the pointer (or the menu key). `items` is asked for when it opens. */
export function ContextMenu({ children, items }: { children: ReactNode; items: () => readonly MenuEntry[] }) {
  return (
    <RadixContext.Root>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content collisionPadding={8} onCloseAutoFocus={giveFocusBack} className={box}>
          <LazyEntries items={items} kit={RadixContext} />
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}

/** Mounted only while open, so the list is made at that moment. */
function LazyEntries({
  items,
  kit,
}: {
  items: () => readonly MenuEntry[];
  kit: typeof RadixDropdown | typeof RadixContext;
}) {
  return entries(items(), kit);
}
