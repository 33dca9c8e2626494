import { Popover as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { giveFocusBack } from './focus/keyboard-focus.ts';

/** A small panel at what opens it: Escape or a click elsewhere closes it. */
export function Popover({
  trigger,
  label,
  align = 'end',
  side = 'bottom',
  onOpen,
  children,
}: {
  trigger: ReactNode;
  /** The panel's accessible name. */
  label: string;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'bottom';
  onOpen?: (open: boolean) => void;
  children: ReactNode;
}) {
  return (
    <Radix.Root {...(onOpen ? { onOpenChange: onOpen } : {})}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          onCloseAutoFocus={giveFocusBack}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[70vh] overflow-auto rounded-md bg-raised p-3 text-sm shadow-overlay outline-none"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
