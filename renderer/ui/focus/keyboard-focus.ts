/**
 * Who has the keyboard while dialogs, menus and popovers come and go. Each of them gives the focus back a moment after it
 * has closed, when something else may long be open: then it is not taken away from there.
 */

const layers = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox], [data-radix-popper-content-wrapper]';

/** What had the focus, the last at the end. Weakly, since most of it goes when its page does. */
let had: { readonly element: WeakRef<HTMLElement>; readonly inLayer: boolean }[] = [];
const most = 24;

if (typeof document !== 'undefined') {
  document.addEventListener(
    'focusin',
    ({ target }) => {
      if (!(target instanceof HTMLElement)) return;
      const others = had.filter(({ element }) => element.deref() !== target).slice(1 - most);
      had = [...others, { element: new WeakRef(target), inLayer: target.closest(layers) !== null }];
    },
    { capture: true },
  );
}

/** A section that is not in front comes to the front when it gets the focus. */
const isAside = (element: HTMLElement): boolean =>
  element.role === 'tab' && element.getAttribute('aria-selected') !== 'true';

/**
 * For `onCloseAutoFocus` of what closes: nobody else took the focus meanwhile, so it goes to what had it last. What lay in
 * a dialog or menu that has closed is passed over. What is gone from the page, or cannot be used now, is not: keys meant
 * for it must not reach what had the focus still earlier.
 */
export function giveFocusBack(event: Event): void {
  event.preventDefault();
  if (document.activeElement !== null && document.activeElement !== document.body) return;
  const last = had.findLast(({ element, inLayer }) => !inLayer || element.deref()?.isConnected)?.element.deref();
  if (last && !isAside(last)) last.focus({ preventScroll: true });
}

/** Layers are put at the end of the page in the order they are opened in. */
function isOver(target: Element, content: Element): boolean {
  const layer = target.closest(layers);
  return layer !== null && (content.compareDocumentPosition(layer) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

/**
 * As the `ref` of a modal dialog's content: what lies under it cannot take the focus while it is open. The dialog's own
 * trap does not know of a field that had the focus from the first moment, and gives nothing back to it.
 */
export function keepFocus(content: HTMLElement | null): (() => void) | undefined {
  if (content === null) return undefined;
  const now = document.activeElement;
  let last: HTMLElement = now instanceof HTMLElement && content.contains(now) ? now : content;
  const onFocus = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement)) return;
    if (content.contains(target)) last = target;
    else if (!isOver(target, content)) {
      last.focus({ preventScroll: true });
      if (!content.contains(document.activeElement)) content.focus({ preventScroll: true });
    }
  };
  document.addEventListener('focusin', onFocus);
  return () => document.removeEventListener('focusin', onFocus);
}
