/**
 * Words by which the name of a parameter or result looks as if its value were a secret. An entry of several words is
 * found where they stand in a row; each is found in the plural too.
 */
export const SENSITIVE_NAMES: readonly string[] = [
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'passcode',
  'token',
  'secret',
  'credential',
  'api key',
  'access key',
  'private key',
  'encryption key',
  'signing key',
  'ssh key',
  'auth key',
  'htpasswd',
  'bearer',
  'authorization',
  'kubeconfig',
];

/** Says of a name whether it looks sensitive. */
export type IsSensitive = (name: string) => boolean;

/**
 * Whole words only: `DB_PASSWORD`, `apiKey`, `githubToken2` and `API-KEYS` look sensitive, `tokenizer` and `passwordless`
 * do not. Words end where no letter or digit stands, between letters and digits, and where camelCase begins a new one.
 */
export function sensitiveNames(entries: readonly string[]): IsSensitive {
  const wanted = new Set(entries.map((entry) => wordsOf(entry).join('')).filter((entry) => entry !== ''));
  const longest = Math.max(0, ...[...wanted].map((entry) => entry.length)) + PLURAL.length;
  return (name) => splits(name).some((words) => hasRow(words, wanted, longest));
}

const PLURAL = 's';

/** Some words in a row, taken together, are an entry: so `API_KEY`, `apiKey` and `apikey` are all `api key`. */
function hasRow(words: readonly string[], wanted: ReadonlySet<string>, longest: number): boolean {
  return words.some((_, from) => {
    let row = '';
    for (let to = from; to < words.length && row.length <= longest; to += 1) {
      row += words[to];
      if (wanted.has(row) || (row.endsWith(PLURAL) && wanted.has(row.slice(0, -PLURAL.length)))) return true;
    }
    return false;
  });
}

/** Where capitals are followed by small letters the last capital may begin a word (`DBPassword`) or end one (`DBpassword`). */
const splits = (name: string): readonly (readonly string[])[] => {
  const plain = plainText(name);
  return [wordsOf(plain), wordsIn(plain.replace(/(\p{Lu}{2,})(?=\p{Ll})/gu, '$1 '))];
};

const wordsOf = (name: string): readonly string[] =>
  wordsIn(plainText(name).replace(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1 '));

const wordsIn = (text: string): readonly string[] =>
  (text.replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ').match(/\p{L}+|\p{N}+/gu) ?? []).map((word) => word.toLowerCase());

/** Letters in another width or with marks are the letters they look like. */
const plainText = (name: string): string => name.normalize('NFKD').replace(/\p{M}/gu, '');
