import { jobs } from '../../shared/domain/automation/jobs';
import { addDays, calendarDate, localDate } from '../../shared/domain/calendar';
import { invalidInput } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { previewAutomationRow } from '../../shared/operations/automation';
import { previewBills, previewOf, readNight } from '../../shared/work/automation/preview';
import { previewAutopay } from '../../shared/work/automation/previewAutopay';
import { previewOthers } from '../../shared/work/automation/previewOthers';

/** By the very rules of the night, on what stands there now; a date between now and then changes what is left for it. */
export const previewAutomation =
  ({ clock } = real): Run<typeof previewAutomationRow> =>
  async ({ caller: { practiceId, timeZone }, query }) => {
    const today = localDate(clock.now(), timeZone);
    const on = query.on === undefined ? addDays(today, 1) : calendarDate(query.on);
    if (on < today) throw invalidInput('/on', 'must not be in the past: see the runs of that date');
    const night = await readNight(practiceId, on);
    const { preview, bills } = await previewBills(night);
    const charges = await previewAutopay(night, bills);
    const others = await previewOthers(night, { bills, charged: charges.items });
    const known = [preview, charges, ...others];
    const all = jobs.map(job => known.find(each => each.job === job) ?? previewOf(job, night, [], []));
    return reply(200, { on, jobs: all });
  };

export const handler = serve(previewAutomationRow, previewAutomation());
