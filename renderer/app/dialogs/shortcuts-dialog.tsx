import { commandSpecs, menuLabels, menus } from '../../../shared/commands.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { shownKeysOf } from '../../workspace/commands.ts';

/** The keys of every command, by menu. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title="Keyboard shortcuts" width="large">
      <div className="grid grid-cols-2 gap-x-8 gap-y-4">
        {menus
          .map((menu) => ({ menu, specs: commandSpecs.filter((spec) => spec.menu === menu && shownKeysOf(spec.id)) }))
          .filter(({ specs }) => specs.length > 0)
          .map(({ menu, specs }) => (
            <section key={menu} aria-label={menuLabels[menu]}>
              <h3 className="mb-1 text-xs font-semibold text-muted">{menuLabels[menu]}</h3>
              <dl className="text-sm">
                {specs.map((spec) => (
                  <div key={spec.id} className="flex h-6 items-center justify-between gap-3">
                    <dt className="truncate">{spec.label}</dt>
                    <dd>
                      <kbd className="font-sans text-xs whitespace-nowrap text-muted">{shownKeysOf(spec.id)}</kbd>
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
      </div>
    </Dialog>
  );
}
