/**
 * What the client demands of the way the server asks for the password: libpq's `require_auth` and `channel_binding`,
 * and one rule of ours: a password is never sent in clear text to a server whose identity is not known.
 */
import type { Connection } from 'pg';
import type { FailureError } from '../../../shared/failure.ts';
import { connectionFailure } from './failures.ts';

export type LoginMethod = 'none' | 'password' | 'md5' | 'scram-sha-256';

export interface LoginFacts {
  /** TLS with a verified certificate, or a path that does not leave the machine or the tunnel. */
  readonly peerKnown: boolean;
  readonly encrypted: boolean;
  readonly user: string;
}

/** Watches a connection's log-in; `refusal` says why nothing more may be sent, and `method` how it was asked. */
export class LoginRules {
  #method: LoginMethod = 'none';
  #bound = false;
  readonly #parameters: Readonly<Record<string, string>>;
  readonly #facts: LoginFacts;

  constructor(parameters: Readonly<Record<string, string>>, facts: LoginFacts) {
    this.#parameters = parameters;
    this.#facts = facts;
  }

  get method(): LoginMethod {
    return this.#method;
  }

  /** Whether to use SCRAM-SHA-256-PLUS where the server offers it. */
  get offerBinding(): boolean {
    return this.#facts.encrypted && this.#parameters.channel_binding !== 'disable';
  }

  /** Must be called before pg attaches its own listeners. */
  watch(connection: Connection, refuse: (failure: FailureError) => void): void {
    const note = (method: LoginMethod) => {
      this.#method = method;
    };
    connection.on('authenticationCleartextPassword', () => note('password'));
    connection.on('authenticationMD5Password', () => note('md5'));
    connection.on('authenticationSASL', (message: { mechanisms?: readonly string[] }) => {
      note('scram-sha-256');
      this.#bound = this.offerBinding && (message.mechanisms ?? []).includes('SCRAM-SHA-256-PLUS');
    });
    connection.on('authenticationOk', () => {
      const failure = this.refusal();
      if (failure) refuse(failure);
    });
  }

  /** Why the server's way of asking is not acceptable; asked before the password leaves and again when it lets us in. */
  refusal(): FailureError | undefined {
    const wanted = (this.#parameters.require_auth ?? '')
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean);
    if (wanted.length > 0 && !allowed(wanted, this.#method)) {
      return unsupported(
        `The server asks for ${words[this.#method]}, which require_auth=${wanted.join(',')} excludes.`,
      );
    }
    if (this.#parameters.channel_binding === 'require' && !this.#bound) {
      return unsupported('channel_binding=require is set, and the server did not offer it.');
    }
    if (this.#method === 'password' && !this.#facts.peerKnown && !wanted.includes('password')) {
      return connectionFailure(
        'unsupportedAuth',
        'The server asks for the password in clear text, and its identity is not verified. Nothing was sent.',
        'Use verify-full, or allow it with require_auth=password among the parameters.',
      );
    }
    return undefined;
  }
}

const words: Record<LoginMethod, string> = {
  none: 'no password',
  password: 'the password in clear text',
  md5: 'an MD5 of the password',
  'scram-sha-256': 'SCRAM-SHA-256',
};

/** libpq: a list of methods to allow, or, each with an exclamation mark, to refuse. */
function allowed(wanted: readonly string[], method: LoginMethod): boolean {
  if (wanted.every((word) => word.startsWith('!'))) return !wanted.includes(`!${method}`);
  return wanted.includes(method);
}

const unsupported = (message: string) =>
  connectionFailure(
    'unsupportedAuth',
    message,
    'Change the parameter, or the server’s pg_hba.conf and password_encryption.',
  );
