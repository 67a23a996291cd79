import type { Job } from '../../domain/automation/jobs';
import { autopayList } from './autopayList';
import { billsList } from './createBills';
import type { JobList } from './engine';
import { onePractice } from './mailStaff';
import { remindersList } from './remind';
import { autopayClients } from './warnOfCards';

const nothing: JobList = { tasksOfPart: 1, page: async () => ({ tasks: [], passed: {}, nextCursor: null }) };

/** What each job looks through. */
export const lists: Readonly<Record<Job, JobList>> = {
  bills: billsList,
  autopay: autopayList,
  superbills: nothing,
  statements: nothing,
  cards: autopayClients,
  reminders: remindersList,
  preview: onePractice,
  digest: onePractice,
};
