import type { MonitorEvent } from '../../../../shared/api/monitor.ts';
import { visibleText } from '../../../ui/visible-text.ts';

/** What happened, in words, for a mark on a chart. */
export function eventWords({ kind, subject, before, after }: MonitorEvent): string {
  const change = before !== null || after !== null ? `: ${before ?? 'nothing'} became ${after ?? 'nothing'}` : '';
  return visibleText(`${kind} ${subject}${change}`);
}
