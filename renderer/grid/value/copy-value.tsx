import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { toast } from '../../ui/toast.tsx';
import { sizeText } from '../model/cell-text.ts';
import { wordsOf } from './use-loaded.ts';
import { type LoadPiece, loadText, TooLarge } from './value-piece.ts';

/** More does not go to a clipboard. */
const MOST_BYTES = 50 * 1024 * 1024;

const problemOf = (thrown: unknown): string =>
  thrown instanceof TooLarge
    ? `The value has ${sizeText(thrown.sizeBytes)}: more than ${sizeText(thrown.mostBytes)} does not go to the clipboard.`
    : wordsOf(thrown);

/** Copies the whole value as text, whatever part of it is shown. */
export function CopyValue({ load }: { load: LoadPiece }) {
  const [state, setState] = useState<'idle' | 'loading' | 'copied'>('idle');
  useEffect(() => {
    if (state !== 'copied') return;
    const timer = setTimeout(() => setState('idle'), 1500);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    setState('loading');
    try {
      await navigator.clipboard.writeText(await loadText(load, MOST_BYTES, new AbortController().signal));
      setState('copied');
    } catch (thrown) {
      setState('idle');
      toast(problemOf(thrown), 'danger');
    }
  };
  const Icon = state === 'copied' ? Check : Copy;
  return (
    <IconButton
      label={state === 'copied' ? 'Copied' : 'Copy the value'}
      disabled={state === 'loading'}
      icon={<Icon size={16} strokeWidth={1.75} />}
      onClick={() => void copy()}
    />
  );
}
