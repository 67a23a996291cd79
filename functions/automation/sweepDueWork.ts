import { sweepDueWork } from '../../shared/work/dueWork';

export const handler = async (): Promise<void> => {
  await sweepDueWork();
};
