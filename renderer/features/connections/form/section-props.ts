import type { ConnectionDraft, ListedConnection, SecretInputs } from '../../../../shared/api/connections.ts';
import type { ConnectionForm, FormErrors } from './connection-form.ts';

/** What every section of the connection form gets. */
export interface SectionProps {
  readonly form: ConnectionForm;
  readonly errors: FormErrors;
  readonly saved: ListedConnection['savedSecrets'];
  readonly onForm: (form: ConnectionForm) => void;
  readonly onDraft: (change: Partial<ConnectionDraft>) => void;
  readonly onSecrets: (change: SecretInputs) => void;
}
