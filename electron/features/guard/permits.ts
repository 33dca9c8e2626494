/** A person's yes to exactly these statements on exactly this session: good once, and not for long. */
import { createHash, randomBytes } from 'node:crypto';
import type { RunRequest } from '../../postgres/source.ts';

/** So long a question may stay open. */
const validMs = 15 * 60_000;
/** Asked and never answered: the oldest go first. */
const mostPermits = 1_000;

interface Permit {
  readonly digest: string;
  readonly until: number;
}

export class Permits {
  readonly #permits = new Map<string, Permit>();

  issue(boundTo: string, statements: RunRequest['statements']): string {
    const oldest = this.#permits.keys().next();
    if (this.#permits.size >= mostPermits && !oldest.done) this.#permits.delete(oldest.value);
    const permit = randomBytes(24).toString('base64url');
    this.#permits.set(permit, { digest: digestOf(boundTo, statements), until: Date.now() + validMs });
    return permit;
  }

  /** True once, for what it was issued for. */
  take(permit: string, boundTo: string, statements: RunRequest['statements']): boolean {
    const found = this.#permits.get(permit);
    this.#permits.delete(permit);
    return found !== undefined && found.until > Date.now() && found.digest === digestOf(boundTo, statements);
  }
}

/** A session is of one connection and one database for life, so its id stands for them. */
function digestOf(boundTo: string, statements: RunRequest['statements']): string {
  // Everything of them but where they stand: what is added to a statement one day (its values) is bound too.
  const said = statements.map(({ range: _, ...rest }) => rest);
  return createHash('sha256')
    .update(JSON.stringify([boundTo, said]))
    .digest('base64url');
}
