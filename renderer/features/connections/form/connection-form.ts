/** The connection form as plain data: what is typed, what it means, what is wrong with it, and where. */
import {
  type ConnectionDraft,
  type ListedConnection,
  newConnection,
  type ParsedConnection,
  type SecretInputs,
} from '../../../../shared/api/connections.ts';

export const sections = ['general', 'labels', 'tls', 'ssh', 'advanced'] as const;
export type Section = (typeof sections)[number];

export interface ConnectionForm {
  readonly draft: ConnectionDraft;
  readonly secrets: SecretInputs;
  /** What cannot be half-typed as data is kept as text until it is saved. */
  readonly portText: string;
  readonly sshPortText: string;
  readonly tagsText: string;
  readonly parametersText: string;
}

export type FormField =
  | 'name'
  | 'host'
  | 'port'
  | 'database'
  | 'user'
  | 'password'
  | 'sslMode'
  | 'sslRootCert'
  | 'sslCert'
  | 'sslKey'
  | 'sslKeyPassphrase'
  | 'sshHost'
  | 'sshPort'
  | 'sshUser'
  | 'sshPassword'
  | 'sshPrivateKey'
  | 'sshPassphrase'
  | 'tags'
  | 'parameters';
export type FormErrors = Readonly<Partial<Record<FormField, string>>>;

export const sectionOf: Record<FormField, Section> = {
  name: 'general',
  host: 'general',
  port: 'general',
  database: 'general',
  tags: 'labels',
  user: 'general',
  password: 'general',
  sslMode: 'tls',
  sslRootCert: 'tls',
  sslCert: 'tls',
  sslKey: 'tls',
  sslKeyPassphrase: 'tls',
  sshHost: 'ssh',
  sshPort: 'ssh',
  sshUser: 'ssh',
  sshPassword: 'ssh',
  sshPrivateKey: 'ssh',
  sshPassphrase: 'ssh',
  parameters: 'advanced',
};

export function formOf(connection?: ListedConnection): ConnectionForm {
  const {
    id: _id,
    createdAtMs: _made,
    usedAtMs: _used,
    savedSecrets: _saved,
    ...draft
  } = connection ?? {
    ...newConnection,
    id: '',
    createdAtMs: 0,
    usedAtMs: null,
    savedSecrets: [],
  };
  return withDraft({ draft, secrets: {}, portText: '', sshPortText: '', tagsText: '', parametersText: '' }, draft);
}

const withDraft = (form: ConnectionForm, draft: ConnectionDraft): ConnectionForm => ({
  ...form,
  draft,
  portText: String(draft.port),
  sshPortText: String(draft.ssh?.port ?? 22),
  tagsText: draft.tags.join(', '),
  parametersText: Object.entries(draft.parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n'),
});

export const changeDraft = (form: ConnectionForm, change: Partial<ConnectionDraft>): ConnectionForm => ({
  ...form,
  draft: { ...form.draft, ...change },
});
export const changeSecrets = (form: ConnectionForm, change: SecretInputs): ConnectionForm => ({
  ...form,
  secrets: { ...form.secrets, ...change },
});

/** A pasted connection fills what it tells of; the rest stays as it is typed, and so does a name that the person has given. */
export function applyParsed(form: ConnectionForm, { draft, password }: ParsedConnection): ConnectionForm {
  const name = form.draft.name || draft.name || '';
  const told = withDraft(form, { ...form.draft, ...draft, name });
  const filled = {
    ...told,
    portText: 'port' in draft ? told.portText : form.portText,
    sshPortText: 'ssh' in draft ? told.sshPortText : form.sshPortText,
    tagsText: 'tags' in draft ? told.tagsText : form.tagsText,
    parametersText: 'parameters' in draft ? told.parametersText : form.parametersText,
  };
  return password === undefined ? filled : changeSecrets(filled, { password });
}

/** The draft to send, or what is wrong with which field. */
export function readForm(
  form: ConnectionForm,
): { draft: ConnectionDraft; errors: null } | { draft: null; errors: FormErrors } {
  const errors: Partial<Record<FormField, string>> = {};
  const { draft } = form;
  const text = (field: FormField, value: string, message: string) => {
    if (value.trim() === '') errors[field] = message;
    return value.trim();
  };
  const host = text('host', draft.host, 'A host name, an address, or the folder of a socket.');
  const user = text('user', draft.user, 'The role to log in as.');
  const port = readPort('port', form.portText, errors);
  const ssh = draft.ssh && {
    ...draft.ssh,
    host: text('sshHost', draft.ssh.host, 'The SSH server’s name or address.'),
    user: text('sshUser', draft.ssh.user, 'The user to log in as on the SSH server.'),
    port: readPort('sshPort', form.sshPortText, errors),
  };
  const parameters = readParameters(form.parametersText, errors);
  const tags = readTags(form.tagsText, errors);
  const database = draft.database.trim() || user;
  const name = draft.name.trim() || `${database} on ${host}`.slice(0, 200);
  if (Object.keys(errors).length > 0) return { draft: null, errors };
  return { draft: { ...draft, name, host, port, user, database, ssh, parameters, tags }, errors: null };
}

function readPort(field: FormField, text: string, errors: Partial<Record<FormField, string>>): number {
  const port = Number(text);
  if (/^\d+$/.test(text.trim()) && port >= 1 && port <= 65535) return port;
  errors[field] = '1 to 65535';
  return 0;
}

function readTags(text: string, errors: Partial<Record<FormField, string>>): string[] {
  const tags = [
    ...new Set(
      text
        .split(',')
        .map((tag) => tag.trim())
        .filter(Boolean),
    ),
  ];
  if (tags.length > 20 || tags.some((tag) => tag.length > 60)) errors.tags = 'At most 20 tags of 60 characters.';
  return tags;
}

/** One `name=value` a line. */
function readParameters(text: string, errors: Partial<Record<FormField, string>>): Record<string, string> {
  const found: [string, string][] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [, name, value] = /^\s*([A-Za-z_][A-Za-z0-9_.]{0,63})\s*=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined)
      errors.parameters = `“${line.trim().slice(0, 60)}” is not of the form name=value.`;
    else found.push([name, value.trim()]);
  }
  return Object.fromEntries(found);
}

/** Fields of the contract's `invalid` failures, and reasons of its `connection` failures, as fields of the form. */
const fieldNames: Readonly<Record<string, FormField>> = {
  port: 'port',
  sslRootCert: 'sslRootCert',
  sslCert: 'sslCert',
  sslKey: 'sslKey',
  sslKeyPassphrase: 'sslKeyPassphrase',
  sshPrivateKey: 'sshPrivateKey',
  unknownHost: 'host',
  unreachable: 'host',
  notPostgres: 'port',
  refused: 'port',
  passwordNeeded: 'password',
  passwordWrong: 'password',
  noSuchRole: 'user',
  noSuchDatabase: 'database',
  noConnectRight: 'database',
  tlsNotOffered: 'sslMode',
  tlsFailed: 'sslMode',
  tlsExpired: 'sslMode',
  tlsUntrusted: 'sslRootCert',
  tlsHostMismatch: 'sslMode',
  sshRefused: 'sshHost',
  sshHostChanged: 'sshHost',
};

/** Where in the form the cause of a failure stands. */
export function fieldOf(named: string, draft: ConnectionDraft): FormField | undefined {
  if (named.startsWith('parameters')) return 'parameters';
  if (named === 'sshAuth') {
    if (draft.ssh?.auth === 'key') return 'sshPrivateKey';
    return draft.ssh?.auth === 'password' ? 'sshPassword' : 'sshUser';
  }
  return Object.hasOwn(fieldNames, named) ? fieldNames[named] : undefined;
}
