/** The mail server of this installation: kept, tried, and used by what has something to tell. */
import type { MailServer } from '../../../shared/api/mail.ts';
import { failureOf, invalid } from '../../../shared/failure.ts';
import type { Secrets } from '../../platform.ts';
import { procedures } from '../../procedures.ts';
import type { MailStore } from '../../store/settings.ts';
import { type Letter, sendMail } from './send-mail.ts';

/** Beside the secrets of connections, under a name that none of them has. */
const secretKey = 'mail/password';

export interface MailDeps {
  readonly store: MailStore;
  readonly secrets: Secrets;
}

export function createMail({ store, secrets }: MailDeps) {
  /** Where this machine can keep no secret: until the program ends. */
  let held: string | null = null;
  const savedPassword = async (): Promise<string | null> => held ?? (await secrets.get(secretKey));
  const putPassword = async (password: string | null): Promise<boolean> => {
    held = null;
    if (password === null) {
      await secrets.remove(secretKey);
      return true;
    }
    try {
      await secrets.set(secretKey, password);
      return true;
    } catch (thrown) {
      if (failureOf(thrown).kind !== 'unsupported') throw thrown;
      held = password;
      return false;
    }
  };
  const { mail } = procedures;
  return {
    /** @throws invalid where none is set up, or it does not take the letter */
    async send(letter: Letter): Promise<void> {
      const server = store.server();
      if (!server) throw invalid('host', 'No mail server is set up in the settings.');
      await sendMail(server, server.user === '' ? null : await savedPassword(), letter);
    },
    procedures: {
      settings: mail.settings.handler(async () => ({
        server: store.server(),
        hasPassword: held !== null || (await secrets.savedKeys()).includes(secretKey),
      })),
      save: mail.save.handler(async ({ input: { server, password } }) => {
        // A server that is taken away leaves no password behind.
        const wanted = server === null || server.user === '' ? null : password;
        const kept = wanted === undefined || (await putPassword(wanted));
        store.putServer(server);
        return { kept };
      }),
      test: mail.test.handler(async ({ input: { server, password } }) => {
        const pass = server.user === '' ? null : password === undefined ? await savedPassword() : password;
        await sendMail(server, pass, testLetter(server));
      }),
    },
  };
}

const testLetter = ({ host }: MailServer): Letter => ({
  subject: 'Howdah: a test',
  text: `This letter was sent through ${host} to try the settings. Nothing else has happened.\n`,
});
