import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const SPECS = ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts', '**/*.contract.ts'];
/** Files whose suffix licenses the outside world. */
const LICENSED = ['**/*.system.ts', '**/*.driver.ts', '**/*.main.ts', '**/main.ts'];
const WHY = 'Only .system, .driver and main files may use the clock, timers and randomness; take it as an argument.';

const NODE_GLOBALS = [
  'AbortController',
  'console',
  'fetch',
  'performance',
  'process',
  'setTimeout',
  'clearTimeout',
  'URL',
];

const timers = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'];
const calls = [
  ['Date', 'now'],
  ['Math', 'random'],
  ['performance', 'now'],
  ['crypto', 'randomUUID'],
  ['crypto', 'getRandomValues'],
];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.muster/', 'docs/openapi/']),
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // A port may be asynchronous where one of its forms is not.
      '@typescript-eslint/require-await': 'off',
      // `test.each` tables and short arrow functions read better with `${number}`.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: true },
      ],
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-console': 'off',
    },
  },
  {
    // In apps, emitDecoratorMetadata needs injected classes as values, and a type import would silently break the injection.
    files: ['libs/**/*.ts', 'tools/**/*.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }] },
  },
  {
    files: ['libs/**/*.ts', 'apps/**/*.ts'],
    ignores: [...SPECS, ...LICENSED],
    rules: {
      'no-restricted-globals': ['error', ...timers.map((name) => ({ name, message: WHY }))],
      'no-restricted-properties': ['error', ...calls.map(([object, property]) => ({ object, property, message: WHY }))],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: WHY },
      ],
    },
  },
  {
    files: SPECS,
    rules: {
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: Object.fromEntries(NODE_GLOBALS.map((name) => [name, 'readonly'])) },
  },
);
