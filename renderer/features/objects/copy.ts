import { toast } from '../../ui/toast.tsx';

/** Puts a text on the clipboard and says so, or why not. */
export function copyText(text: string, what: string): void {
  navigator.clipboard.writeText(text).then(
    () => toast(`${what} copied.`, 'success'),
    () => toast('The browser did not allow writing to the clipboard.', 'warning'),
  );
}
