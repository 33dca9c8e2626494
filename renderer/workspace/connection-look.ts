/** How a connection's colour and environment look, the same everywhere. */
import type { ListedConnection } from '../../shared/api/connections.ts';

export const colorClass: Record<ListedConnection['color'], string> = {
  none: 'bg-line-strong',
  red: 'bg-tag-red',
  orange: 'bg-tag-orange',
  yellow: 'bg-tag-yellow',
  green: 'bg-tag-green',
  teal: 'bg-tag-teal',
  blue: 'bg-tag-blue',
  purple: 'bg-tag-purple',
  pink: 'bg-tag-pink',
};

/** Short word behind the name; development needs none. */
export const environmentMark: Record<ListedConnection['environment'], EnvironmentMark | null> = {
  development: null,
  staging: { label: 'staging', className: 'bg-warning-soft text-warning', edge: 'bg-warning' },
  production: { label: 'production', className: 'bg-danger-soft text-danger', edge: 'bg-danger' },
};

interface EnvironmentMark {
  readonly label: string;
  readonly className: string;
  /** Of a line along what belongs to such a connection. */
  readonly edge: string;
}
