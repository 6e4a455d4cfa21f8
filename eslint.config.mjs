import tseslint from 'typescript-eslint';

/** What a pure library may not do (style.md): read a clock, random numbers, the environment or files, or wait. */
const impure = [
  { selector: 'AwaitExpression', message: 'pure code does not wait' },
  { selector: ':function[async=true]', message: 'pure code does not wait' },
  { selector: "NewExpression[callee.name='Promise']", message: 'pure code does not wait' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'time arrives inside the command' },
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'time arrives inside the command' },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'ids arrive inside the command',
  },
];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'data', '**/*.cjs', '**/*.mjs'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/require-await': 'off',
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Nest reads constructor parameter types at run time: an import used only there must stay a value import.
    files: ['src/**/*.ts', 'apps/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['libs/execution/src/**/*.ts', 'libs/tekton/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...impure],
      'no-restricted-globals': [
        'error',
        'process',
        'performance',
        'crypto',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'fetch',
        'queueMicrotask',
      ],
    },
  },
  {
    files: ['**/test/**/*.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
    },
  },
);
