/** The connection of an import: its own, stopped with it, and a COMMIT whose outcome is told as it is. */
import { DatabaseError } from 'pg';
import type { Failure } from '../../../shared/api/base.ts';
import { FailureError } from '../../../shared/failure.ts';
import { unknownCommit } from '../connect/failures.ts';
import { Link } from '../session/link.ts';
import type { ConnectSpec } from '../source.ts';
import { postgresError } from '../wire/postgres-failure.ts';

const abortCheckMs = 50;

export interface ImportLink {
  readonly link: Link;
  close(): Promise<void>;
}

/** @throws unsupported where the connection only reads; connection failures */
export async function openImportLink(spec: ConnectSpec, aborted: () => boolean): Promise<ImportLink> {
  if (spec.readOnly)
    throw new FailureError({
      kind: 'unsupported',
      needs: 'a connection that may write',
      message: 'This connection is read-only. Nothing was sent.',
    });
  const link = await openQuietLink(spec);
  let stopped = false;
  const watch = setInterval(() => {
    if (stopped || !aborted()) return;
    stopped = true;
    void link.cancel().catch(() => link.cut());
  }, abortCheckMs);
  const close = async (): Promise<void> => {
    clearInterval(watch);
    await link.close();
  };
  try {
    if (spec.onConnectSql.trim()) await scriptOn(link, spec.onConnectSql);
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return { link, close };
}

/** A link of which nobody hears notices. */
export const openQuietLink = (spec: ConnectSpec): Promise<Link> =>
  Link.open(spec, {
    notice: () => {},
    notification: () => {},
    ready: () => {},
    lost: () => {},
    cancelBySql: () => Promise.reject(new Error('there is no second connection')),
  });

/** Statements without rows; the server's errors as failures. */
export async function scriptOn(link: Link, text: string): Promise<void> {
  try {
    await link.script(text);
  } catch (thrown) {
    throw thrown instanceof DatabaseError ? postgresError(thrown) : thrown;
  }
}

/** @throws outcomeUnknown where the link is lost on the way, with the transaction's id where it has one */
export async function commitTransaction(link: Link): Promise<void> {
  const asked = await link.scalar('select pg_catalog.pg_current_xact_id_if_assigned()::text');
  const xid = asked.value ?? undefined;
  try {
    await scriptOn(link, 'commit');
  } catch (thrown) {
    if (!link.lost) throw thrown;
    throw unknownCommit(xid, thrown);
  }
}

/** The failure with what stays of it, in a sentence. An outcome that nobody knows has its own words. */
export const failedWith = (failure: Failure, whatStays: string): Failure =>
  failure.kind === 'outcomeUnknown'
    ? failure
    : { ...failure, message: `${failure.message.replace(/\.?$/, '.')} ${whatStays}` };
