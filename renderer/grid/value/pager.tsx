import { ChevronLeft, ChevronRight } from 'lucide-react';
import { IconButton } from '../../ui/button.tsx';
import { sizeText } from '../model/cell-text.ts';

export interface PagerProps {
  readonly fromByte: number;
  /** One past the last byte shown. */
  readonly toByte: number;
  readonly sizeBytes: number;
  readonly onPrevious: (() => void) | null;
  readonly onNext: (() => void) | null;
}

const whole = (value: number) => value.toLocaleString('en-US');

/** Which part of a large value is shown; nothing where that is all of it. */
export function Pager({ fromByte, toByte, sizeBytes, onPrevious, onNext }: PagerProps) {
  if (!onPrevious && !onNext) return null;
  return (
    <nav aria-label="Parts of the value" className="flex h-8 shrink-0 items-center gap-1 border-t border-line px-2">
      <IconButton
        label="Previous part"
        icon={<ChevronLeft size={16} strokeWidth={1.75} />}
        disabled={!onPrevious}
        onClick={() => onPrevious?.()}
      />
      <IconButton
        label="Next part"
        icon={<ChevronRight size={16} strokeWidth={1.75} />}
        disabled={!onNext}
        onClick={() => onNext?.()}
      />
      <span className="truncate text-xs text-muted tabular-nums">
        bytes {whole(fromByte + 1)} to {whole(toByte)} of {whole(sizeBytes)} ({sizeText(sizeBytes)})
      </span>
    </nav>
  );
}
