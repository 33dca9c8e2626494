/**
 * How a procedure of the contract is implemented: `procedures.locks.list.handler(…)`. The role is checked and thrown
 * failures are turned into the contract's closed set here, once, for every procedure.
 */
import { implement, ORPCError } from '@orpc/server';
import { type Role, roleCovers } from '../shared/api/base.ts';
import { contract } from '../shared/api.ts';
import { failureOf } from '../shared/failure.ts';

/** Who calls: decided by the host when the port or socket was opened, never by the page. */
export interface CallContext {
  readonly role: Role;
  /** One a page (window, browser tab). */
  readonly clientId: string;
}

/** Turns anything thrown into an error of the contract. */
export function contractError(thrown: unknown): Error {
  if (thrown instanceof ORPCError) return thrown.code === 'BAD_REQUEST' ? invalidInput(thrown) : thrown;
  const { kind, ...data } = failureOf(thrown);
  return new ORPCError(kind, { defined: true, message: data.message, data });
}

/** An input that does not fit its schema, as the contract's own `invalid` with the field that is wrong. */
function invalidInput(refused: ORPCError<string, unknown>): Error {
  const issues = (refused.data as { issues?: { path?: readonly PropertyKey[]; message: string }[] } | undefined)
    ?.issues;
  const first = issues?.[0];
  const field = (first?.path ?? []).map(String).join('.');
  const message = first ? `${field === '' ? 'The input' : field}: ${first.message}` : refused.message;
  return new ORPCError('invalid', { defined: true, message, data: { field, message } });
}

export const procedures = implement(contract)
  .$context<CallContext>()
  .use(async ({ context, next, procedure }) => {
    const needed = procedure['~orpc'].meta.role;
    if (!needed || !roleCovers(context.role, needed)) {
      throw new ORPCError('FORBIDDEN', { message: `This needs the role ${needed ?? '(none given)'}.` });
    }
    try {
      return await next();
    } catch (thrown) {
      throw contractError(thrown);
    }
  });

/** The same translation for what a stream throws after it has begun. */
export async function* stream<T>(events: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  try {
    for await (const event of events) yield event;
  } catch (thrown) {
    throw contractError(thrown);
  }
}
