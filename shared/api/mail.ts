/** Letters that Howdah sends to the person: through which server, from whom and to whom. */
import { z } from 'zod';
import { admin, viewer } from './base.ts';

/** One address, without a name: what has a line break in it is none. */
const address = z.email().max(200);

export const mailServer = z.object({
  host: z.string().trim().min(1).max(253),
  port: z.number().int().min(1).max(65_535),
  /** tls: from the first byte; starttls: before anything is said; none: in clear, which takes no password to another machine. */
  encryption: z.enum(['tls', 'starttls', 'none']),
  /** Empty: the server asks nobody who they are. */
  user: z.string().max(200),
  from: address,
  to: z.array(address).min(1).max(20),
  /** Trusted besides those that this machine trusts: the server's own certificate, or its authority's, in PEM form. */
  certificate: z.string().max(100_000).default(''),
});
export type MailServer = z.infer<typeof mailServer>;

/** The password stays as it is where absent; null takes it away. */
const password = z.string().max(1000).nullable().optional();

export const mail = {
  /** Null where no server was set up. */
  settings: viewer.output(z.object({ server: mailServer.nullable(), hasPassword: z.boolean() })),
  save: admin.input(z.object({ server: mailServer.nullable(), password })).output(z.object({ kept: z.boolean() })),
  /** Sends a letter through what is in the form; throws what the server said. */
  test: admin.input(z.object({ server: mailServer, password })).output(z.void()),
};
