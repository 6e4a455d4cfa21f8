import { badRequest } from '../status.ts';

export type LabelSelector = (labels: Readonly<Record<string, string>>) => boolean;

const TOKEN = /\s*(!=|==|=|!|\(|\)|,|>|<|[A-Za-z0-9_./-]+)/y;

/** A label selector in either grammar: `a=b,c!=d` and `e in (f,g),h notin (i),j,!k`. An empty one selects everything. */
export function parseLabelSelector(text: string | null): LabelSelector {
  const tokens = tokensOf(text ?? '');
  const requirements: LabelSelector[] = [];
  while (tokens.length > 0) {
    requirements.push(requirement(tokens));
    if (tokens.length > 0) expectToken(tokens, ',');
  }
  return (labels) => requirements.every((holds) => holds(labels));
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    tokens.push(match[1] ?? '');
    end = TOKEN.lastIndex;
  }
  if (text.slice(end).trim() !== '') throw unparsable(text.slice(end).trim(), 'identifier');
  return tokens;
}

function requirement(tokens: string[]): LabelSelector {
  if (tokens[0] === '!') {
    tokens.shift();
    const key = word(tokens);
    return (labels) => !Object.hasOwn(labels, key);
  }
  const key = word(tokens);
  const operator = tokens[0];
  if (operator === undefined || operator === ',') return (labels) => Object.hasOwn(labels, key);
  tokens.shift();
  return compared(key, operator, tokens);
}

function compared(key: string, operator: string, tokens: string[]): LabelSelector {
  switch (operator) {
    case '=':
    case '==':
      return equals(key, optionalWord(tokens));
    case '!=': {
      const equal = equals(key, optionalWord(tokens));
      return (labels) => !equal(labels);
    }
    case 'in': {
      const values = list(tokens);
      return (labels) => Object.hasOwn(labels, key) && values.includes(labels[key] ?? '');
    }
    case 'notin': {
      const values = list(tokens);
      return (labels) => !Object.hasOwn(labels, key) || !values.includes(labels[key] ?? '');
    }
    case '>':
    case '<':
      return numeric(key, operator, Number(word(tokens)));
    default:
      throw unparsable(operator, 'in, notin, =, ==, !=, gt, lt');
  }
}

function equals(key: string, value: string): LabelSelector {
  return (labels) => Object.hasOwn(labels, key) && labels[key] === value;
}

function numeric(key: string, operator: '>' | '<', limit: number): LabelSelector {
  return (labels) => {
    const value = Number(labels[key] ?? NaN);
    return operator === '>' ? value > limit : value < limit;
  };
}

function list(tokens: string[]): string[] {
  expectToken(tokens, '(');
  const values: string[] = [];
  while (tokens.length > 0 && tokens[0] !== ')') {
    values.push(optionalWord(tokens));
    if (tokens[0] === ',') tokens.shift();
  }
  expectToken(tokens, ')');
  return values;
}

function word(tokens: string[]): string {
  const token = tokens.shift() ?? '';
  if (!/^[A-Za-z0-9_./-]+$/.test(token)) throw unparsable(token, 'identifier');
  return token;
}

/** A value may be empty: `a=` asks for the label with an empty value. */
function optionalWord(tokens: string[]): string {
  return tokens.length === 0 || tokens[0] === ',' || tokens[0] === ')' ? '' : word(tokens);
}

function expectToken(tokens: string[], expected: string): void {
  const found = tokens.shift() ?? '';
  if (found !== expected) throw unparsable(found, `'${expected}'`);
}

function unparsable(found: string, expected: string) {
  return badRequest(`unable to parse requirement: found '${found}' expected: ${expected}`);
}
