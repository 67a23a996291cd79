import type { Job } from '../../domain/automation/jobs';
import { autopayList } from './autopayList';
import { statementClients, superbillClients } from './clientDocuments';
import { billsList } from './createBills';
import type { JobList } from './engine';
import { onePractice } from './mailStaff';
import { remindersList } from './remind';
import { autopayClients } from './warnOfCards';

/** What each job looks through. */
export const lists: Readonly<Record<Job, JobList>> = {
  bills: billsList,
  autopay: autopayList,
  superbills: superbillClients,
  statements: statementClients,
  cards: autopayClients,
  reminders: remindersList,
  preview: onePractice,
  digest: onePractice,
};
