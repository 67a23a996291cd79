import { handler as createSession } from '../../../functions/sessions/createSession';
import { createSessionRow } from '../../../shared/operations/sessions';
import { superbillStore } from '../../../shared/store/superbillStore';
import type { Answered } from '../../fixtures/apiEvent';
import { newMember } from '../../fixtures/chart';
import { FrontDesk } from '../../fixtures/frontDesk';
import { SuperbillDesk, spring } from '../../fixtures/superbills';

let oak: FrontDesk;
let desk: SuperbillDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
  desk = new SuperbillDesk(oak);
});
afterAll(() => oak.close());

/** A completed session of this practitioner, and a bill of it. */
const billOf = async (clientId: string, session: object): Promise<Answered['body']> => {
  const services = [{ serviceId: oak.practice.service.serviceId, priceCents: 10_000 }];
  const usual = { clientId, practitionerId: oak.practice.practitioner.memberId, status: 'completed', services };
  const body = { ...usual, startsAt: '2026-03-02T15:00:00Z', ...session };
  const { sessionId } = await oak.done(createSessionRow, createSession, { body });
  return (await oak.create({ clientId, sessions: [{ sessionId }] })).body;
};

describe('who is shown as the provider', () => {
  it('the first time staff are asked, the supervisor suggested; the choice is remembered for this client', async () => {
    const supervisor = await newMember(oak.practice, ['supervisor'], { name: 'Sam Sorrel', npi: '1003000126' });
    const practitioner = await newMember(oak.practice, ['practitioner'], {
      name: 'Pat Pine',
      supervisorId: supervisor.memberId,
    });
    const clientId = await oak.client({ practitionerId: practitioner.memberId });
    await billOf(clientId, { practitionerId: practitioner.memberId });
    const question = {
      status: 409,
      body: {
        code: 'provider_not_chosen',
        providers: [supervisor.memberId, practitioner.memberId],
        suggestedId: supervisor.memberId,
      },
    };
    expect(await desk.create(clientId)).toMatchObject(question);
    const chosen = await desk.made(clientId, { ...spring, providerId: supervisor.memberId });
    const shown = { memberId: supervisor.memberId, name: 'Sam Sorrel', npi: '1003000126', treatedBy: ['Pat Pine'] };
    expect(chosen.provider).toEqual(shown);
    const { superbillId } = chosen;
    const { text } = await superbillStore.load(oak.practiceId, { clientId, superbillId }, desk.files);
    expect([text.treatedBy, text.supervised]).toEqual([
      { [practitioner.memberId]: 'Pat Pine' },
      [practitioner.memberId],
    ]);
    expect((await desk.made(clientId)).provider).toEqual(shown);
    const other = await desk.made(clientId, { ...spring, providerId: practitioner.memberId });
    expect(other.provider).toEqual({ memberId: practitioner.memberId, name: 'Pat Pine', treatedBy: [] });
    expect((await desk.made(clientId)).provider).toEqual(other.provider);
    const another = await oak.client({ practitionerId: practitioner.memberId });
    await billOf(another, { practitionerId: practitioner.memberId });
    expect(await desk.create(another)).toMatchObject(question);
  });

  it('nobody who neither treated nor supervised is shown', async () => {
    const clientId = await oak.client();
    await billOf(clientId, {});
    const answer = await desk.create(clientId, { ...spring, providerId: oak.practice.colleague.memberId });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/providerId' }] } });
  });
});
