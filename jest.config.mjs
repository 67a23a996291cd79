// One jest, one project a folder of tests, so that `npm test` can name the slow ones apart and run the rest in parallel.
const esmOnly = ['jose', '@middy', 'ulid', 'nodemailer', 'csv-parse', '@aws-lambda-powertools'].join('|');
const swc = [
  '@swc/jest',
  { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
];
const project = (name, folders, more = {}) => ({
  displayName: name,
  rootDir: '.',
  testEnvironment: 'node',
  testMatch: folders.map(folder => `<rootDir>/test/${folder}`),
  transform: { '\\.[cm]?[jt]sx?$': swc },
  transformIgnorePatterns: [`node_modules/(?!(${esmOnly})/)`],
  modulePathIgnorePatterns: ['<rootDir>/.build', '<rootDir>/.local', '<rootDir>/cdk.out'],
  ...more,
});

export default {
  testTimeout: 30_000,
  projects: [
    project('unit', ['domain/**/*.test.ts', 'functions/**/*.test.ts', '*.test.ts']),
    project('store', ['store/**/*.test.ts', 'local/**/*.test.ts']),
    project('infra', ['infra/**/*.test.ts']),
    project('scenarios', ['scenarios/**/*.test.ts']),
    project('faults', ['faults/**/*.test.ts']),
    project('browser', ['portal/**/*.test.ts']),
  ],
};
