/** What a tab's session says: to the server, and of itself. */
import type { FieldDef } from 'pg';
import type { Failure } from '../../../shared/api/base.ts';
import type { Notice } from '../../../shared/api/sessions.ts';

/** Whole milliseconds; null: what the server, the role and the connection say. */
export const timeoutSql = (name: 'statement_timeout' | 'lock_timeout', ms: number | null): string =>
  `/* howdah:sessions.timeouts */ set ${name} ${ms === null ? 'to default' : `= ${Math.round(ms)}`}`;

export const parameterField = (dataTypeID: number): FieldDef => ({
  name: '',
  tableID: 0,
  columnID: 0,
  dataTypeID,
  dataTypeSize: -1,
  dataTypeModifier: -1,
  format: 'text',
});

export const commitLost: Failure = {
  kind: 'outcomeUnknown',
  message:
    'The connection was lost while the statement was on its way: it may have happened or not. Look before doing it again.',
};

export const outsideFailure: Failure = {
  kind: 'unsupported',
  needs: 'autoCommit',
  message: 'This statement cannot run in a transaction: with manual commit it would have to. Nothing was sent.',
};

export const cancelSql = '/* howdah:sessions.cancel */ select pg_catalog.pg_cancel_backend($1)';

export const terminateSql = '/* howdah:sessions.terminate */ select pg_catalog.pg_terminate_backend($1)';

export const encodingNotice: Notice = {
  severity: 'WARNING',
  sqlstate: '01000',
  message: 'client_encoding was set back: this session reads and writes UTF-8 only.',
};

export const notificationOf = (channel: string, payload: string, backendPid: number): Notice => ({
  severity: 'NOTIFY',
  sqlstate: '00000',
  message: payload ? `${channel}: ${payload}` : channel,
  detail: `From the backend ${backendPid}.`,
});
