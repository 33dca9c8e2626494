/** On which channel of NOTIFY a table's changes are told; chosen once, kept with the workspace. */
import type { Where } from '../../../editing/chosen-labels.ts';
import { changeLayout, useLayout } from '../../../workspace/layout.ts';

const nameOf = ({ connectionId, database, oid }: Where) => JSON.stringify([connectionId, database, oid]);

/** '' where none was chosen: then one looks again every few seconds. */
export const useChannel = (where: Where): string =>
  useLayout(({ followChannels }) => followChannels[nameOf(where)] ?? '');

export function chooseChannel(where: Where, channel: string): void {
  const { [nameOf(where)]: _, ...others } = useLayout.getState().followChannels;
  changeLayout({ followChannels: channel === '' ? others : { ...others, [nameOf(where)]: channel } });
}
