// One jest, one project a folder of tests, so that `npm test` can name the slow ones apart and run the rest in parallel.
// What functions log is for those who run them; among test results it would hide what failed.
process.env.POWERTOOLS_LOG_LEVEL ??= 'CRITICAL';
// They run on Lambda's Node 24; what the SDK says of this machine's Node helps nobody here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

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
  // A limit against hanging, not a measure: a busy machine takes its time.
  testTimeout: 180_000,
  testSequencer: '<rootDir>/tools/longFirst.mjs',
  reporters: ['default', '<rootDir>/tools/toldSchedules.mjs'],
  projects: [
    project('unit', ['domain/**/*.test.ts', 'functions/**/*.test.ts', '*.test.ts']),
    project('store', ['store/**/*.test.ts', 'local/**/*.test.ts']),
    project('infra', ['infra/**/*.test.ts']),
    project('scenarios', ['scenarios/**/*.test.ts']),
    project('faults', ['faults/**/*.test.ts']),
    project('browser', ['portal/**/*.test.ts']),
  ],
};
