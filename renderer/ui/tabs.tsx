import { Tabs as Radix } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { cx } from './class-names.ts';
import { scrollSideways, useChosenInSight, useMoreAside } from './scroll/sideways.ts';

/** Sections of one place; the arrow keys move between them. */
export function Sections({
  label,
  value,
  onValue,
  sections,
  shared,
  end,
}: {
  label: string;
  value: string;
  onValue: (value: string) => void;
  sections: readonly { value: string; label: ReactNode; content?: ReactNode }[];
  /**
   * Of all sections without content of their own: what is dear to make. It stays mounted, and laid out, whichever
   * section is in front; `value` names the one that it shows.
   */
  shared?: { value: string; content: ReactNode };
  end?: ReactNode;
}) {
  const list = useRef<HTMLDivElement>(null);
  const more = useMoreAside(list);
  useChosenInSight(list, value);
  return (
    <Radix.Root value={value} onValueChange={onValue} className="flex h-full min-h-0 flex-col">
      <div className="flex h-8 shrink-0 items-stretch border-b border-line px-2">
        <Radix.List
          ref={list}
          aria-label={label}
          onWheel={scrollSideways}
          className={cx(
            '-mb-px flex min-w-0 items-stretch overflow-x-auto overflow-y-hidden [scrollbar-width:none]',
            // What goes on fades out.
            more && '[mask-image:linear-gradient(to_left,transparent,black_32px)]',
          )}
        >
          {sections.map((section) => (
            <Radix.Trigger
              key={section.value}
              value={section.value}
              className="border-b-2 border-transparent px-2.5 text-sm whitespace-nowrap text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
            >
              {section.label}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {end && <div className="ml-auto flex items-center gap-1 pl-2">{end}</div>}
      </div>
      <div className="relative min-h-0 flex-1">
        {shared && (
          <Radix.Content
            forceMount
            value={shared.value}
            className={cx('absolute inset-0 outline-none', value !== shared.value && 'invisible')}
          >
            {shared.content}
          </Radix.Content>
        )}
        {sections.map(
          (section) =>
            section.content !== undefined && (
              <Radix.Content
                key={section.value}
                value={section.value}
                className="absolute inset-0 overflow-auto outline-none"
              >
                {section.content}
              </Radix.Content>
            ),
        )}
      </div>
    </Radix.Root>
  );
}
