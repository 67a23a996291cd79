import { startCloud } from '../../../local/cloud/startCloud';

const [, , folder = '', assembly = ''] = process.argv;

/** The small system as a process of its own, to be killed; says where it answers. */
void startCloud({ port: 0, folder, clock: '2026-03-01T10:00:30Z', assembly: { folder: assembly } }).then(cloud => {
  process.stdout.write(`${JSON.stringify(cloud.urls)}\n`);
});
