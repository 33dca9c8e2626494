import { client } from '../../../client/connect.ts';

type Question = Parameters<typeof client.monitor.shares>[0];

/** With what it was split by: an older answer must not stand under a new head while a new one is on its way. */
export const askShares = async (question: Question, options: { signal: AbortSignal }) => ({
  ...(await client.monitor.shares(question, options)),
  by: question.by,
});
