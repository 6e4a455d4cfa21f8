import type { Conversation, Step } from './steps.ts';

export interface Answer {
  readonly code: number;
  readonly contentType: string;
  readonly warnings: readonly string[];
  readonly body: unknown;
}

/** Holds a conversation with the server at `url`, one step after the other. */
export async function converse(url: string, conversation: Conversation, token?: string): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const step of conversation.steps) answers.push(await ask(url, step, token));
  return answers;
}

async function ask(url: string, step: Step, token?: string): Promise<Answer> {
  const response = await fetch(url + step.path, {
    method: step.method,
    headers: {
      accept: step.accept ?? 'application/json',
      'user-agent': 'differential',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(step.body === undefined ? {} : { 'content-type': step.type ?? 'application/json' }),
    },
    ...(step.body === undefined ? {} : { body: typeof step.body === 'string' ? step.body : JSON.stringify(step.body) }),
  });
  const text = await response.text();
  const contentType = response.headers.get('content-type') ?? '';
  return {
    code: response.status,
    contentType,
    warnings: (response.headers.get('warning') ?? '').split(/, (?=299 )/).filter((warning) => warning !== ''),
    body: contentType.startsWith('application/json') ? JSON.parse(text) : text,
  };
}
