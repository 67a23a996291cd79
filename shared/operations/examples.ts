/**
 * One good body for each operation that takes one: the API's pages show them, and the tests begin with them. No handler
 * imports this file. Names are invented, addresses stand at example.com, and the ids lead nowhere.
 */

const ids = {
  client: 'cli_01KAB3N5R8W2E7T4Y9V6M1C0XQ',
  contact: 'con_01KAB3P0G4H7J2K9M5N8S1T6VW',
  practitioner: 'mem_01KAB2A7C3D9E5F1G8H4J0K6MN',
  supervisor: 'mem_01KAB2B1X6Y2Z8A4B0C7D3E9FG',
  service: 'svc_01KAB2F5Q1R7S3T9V4W0X6Y2Z8',
  product: 'prod_01KAB2G9A5B1C7D3E8F4G0H6J2',
  insurer: 'payer_01KAB2H3K9M5N1P7Q2R8S4T0V6',
  policy: 'pol_01KAB3Q7W3X9Y5Z1A6B2C8D4E0',
  firstSession: 'ses_01KAB3S5R1S7T3V9W4X0Y6Z2A8',
  secondSession: 'ses_01KAB3T9B5C1D7E3F8G4H0J6K2',
  bill: 'bill_01KAB3V3M9N5P1Q7R2S8T4V0W6',
  firstLine: 'line_01KAB3W7X3Y9Z5A1B6C2D8E4F0',
  secondLine: 'line_01KAB3X1G7H3J9K5M0N6P2Q8R4',
} as const;

const delayedShare = { enabled: true, delayMinutes: 60 };

const people = {
  createClient: {
    firstName: 'Wanda',
    lastName: 'Walker',
    email: 'wanda.walker@example.com',
    emailAllowed: true,
    phone: '+1 503 555 0142',
    address: ['14 Larch Lane', 'Portland, OR 97205'],
    dateOfBirth: '1988-04-17',
    practitionerId: ids.practitioner,
    externalId: 'chart-2047',
  },
  changeClient: { phone: '+1 503 555 0177', practitionerId: ids.practitioner, email: null },
  putClientBillingSettings: {
    responsibility: 'insurance',
    payerId: ids.insurer,
    createBills: 'inherit',
    autoShare: { bills: delayedShare, superbills: 'inherit', statements: 'inherit' },
    autopay: true,
    autopayLimitCents: 25_000,
    createSuperbills: false,
    quiet: false,
    confirmOpenBalanceCents: 0,
  },
  createContact: {
    name: 'Walter Walker',
    email: 'walter.walker@example.com',
    emailAllowed: true,
    roles: ['billing', 'emergency'],
  },
  changeContact: { email: 'walter@example.com', roles: ['billing'] },
  createPolicy: {
    payerId: ids.insurer,
    rank: 'primary',
    relationship: 'self',
    insuranceType: 'PPO',
    memberId: 'XZA 4471 902',
    effectiveOn: '2026-01-01',
    endOn: '2026-12-31',
    planId: 'CASCADE-PPO',
    groupId: '88-2214',
    copayCents: 3_000,
    deductibleCents: 150_000,
  },
  changePolicy: { copayCents: 3_500, endOn: null },
  createMember: {
    name: 'Ana Alder',
    email: 'ana.alder@example.com',
    roles: ['practitioner'],
    npi: '1730155942',
    taxonomy: '101YM0800X',
    supervisorId: ids.supervisor,
    billingVisible: true,
  },
  changeMember: { roles: ['practitioner', 'supervisor'], supervisorId: null, billingVisible: true },
};

const practice = {
  changePractice: {
    name: 'Oak Street Therapy',
    billingName: 'Oak Street Therapy, LLC',
    billingAddress: ['200 Oak Street', 'Portland, OR 97204'],
    email: 'office@example.com',
    timeZone: 'America/Los_Angeles',
    taxId: '93-1204857',
    npi: '1841274635',
    paperSize: 'letter',
    onlinePayments: true,
    portalEnabled: true,
  },
  putBillingSettings: {
    noShowFee: { enabled: true, amountCents: 7_500, statuses: ['no_show', 'late_cancel'] },
    serviceDescription: { mode: 'custom', text: 'Counselling session' },
    nameOnDocuments: 'Oak Street Therapy',
    footerComment: 'Thank you for paying within two weeks.',
    documentDelivery: 'email_pdf',
    defaultDueDays: 14,
    superbillPayee: 'clinic',
    applyCreditAutomatically: true,
    requireSignedNote: false,
    showUnsharedBillsInPortal: false,
    allowPartialOnline: true,
    receipts: true,
  },
  putAutomationSettings: {
    createBills: 'monthly',
    joinSameDay: false,
    superbillDay: 31,
    autopay: true,
    autoShare: { bills: delayedShare, superbills: delayedShare, statements: { enabled: false, delayMinutes: 0 } },
    statementDay: 1,
    digest: { enabled: true, hour: 7 },
    overdueReminders: { enabled: true, daysAfterDue: [3, 14] },
    autopayNotice: true,
  },
  applyAutomationToClients: { dryRun: true, fields: ['createBills', 'autoShare.bills'] },
  createService: {
    code: '90837',
    kind: 'cpt',
    name: 'Psychotherapy, 60 minutes',
    description: 'Psychotherapy in person, 60 minutes',
    priceCents: 16_500,
    durationMinutes: 60,
    unitBilling: false,
  },
  changeService: { priceCents: 17_500, durationMinutes: null, active: true },
  createProduct: { title: 'Mindfulness workbook', priceCents: 2_400 },
  changeProduct: { priceCents: 2_600, active: true },
  createPayer: { name: 'Cascade Mutual Health', kind: 'insurer' },
  changePayer: { name: 'Cascade Mutual Health Plans', active: true },
};

const sessions = {
  createSession: {
    clientId: ids.client,
    practitionerId: ids.practitioner,
    startsAt: '2026-01-05T09:00:00-08:00',
    services: [{ serviceId: ids.service, units: 1, priceCents: 16_500, modifiers: ['95'], diagnoses: ['F41.1'] }],
    status: 'completed',
    noteSigned: true,
    externalId: 'appointment-7751',
  },
  changeSession: { startsAt: '2026-01-05T10:00:00-08:00', noteSigned: true, claimReview: 'clear' },
  completeSession: { noteSigned: true },
  cancelSession: { status: 'late_cancel', noShowFeeCents: 7_500 },
  createImport: {
    kind: 'clients',
    rows: [
      {
        externalId: 'chart-2048',
        firstName: 'Theo',
        lastName: 'Thornton',
        email: 'theo.thornton@example.com',
      },
    ],
  },
};

const billSessions = [
  {
    sessionId: ids.firstSession,
    lines: [{ code: '90837', description: 'Psychotherapy, 60 minutes', units: 1, unitPriceCents: 15_000 }],
    clientPortion: { kind: 'copay', amountCents: 3_000 },
  },
  { sessionId: ids.secondSession, clientPortion: { kind: 'coinsurance', basisPoints: 2_000 } },
];

const bills = {
  createBill: {
    clientId: ids.client,
    sessions: billSessions,
    products: [{ productId: ids.product, quantity: 1, unitPriceCents: 2_400 }],
    responsibility: 'insurance',
    policyId: ids.policy,
    payerId: ids.insurer,
    comments: 'Thank you for coming in January.',
    dueOn: '2026-02-15',
    recipient: { contactId: ids.contact },
  },
  editBill: { comments: 'Payable in two parts.', dueOn: '2026-02-28', recipient: { contactId: null } },
  cancelBill: { reason: 'Made for the wrong month', sessions: 'return_to_pending', payments: 'refuse' },
  adjustBill: { amountCents: -1_500, description: 'Shorter session', reason: 'The session ended after 45 minutes' },
  writeOffBill: { amountCents: 1_500, reason: 'Hardship, agreed on the telephone' },
  holdAutopay: { reason: 'The client asked to pay by check' },
  shareBill: { channel: 'email', includePdf: true, sendAt: '2026-02-01T17:00:00Z' },
  createStatement: { from: '2026-01-01', to: '2026-03-31', comments: 'For your records.' },
  createSuperbill: { from: '2026-01-01', to: '2026-01-31', providerId: ids.supervisor },
  reissueSuperbill: { providerId: ids.practitioner },
  shareStatement: { channel: 'email', includePdf: true, sendAt: '2026-04-02T17:00:00Z' },
  shareSuperbill: { channel: 'portal' },
  resolveAttention: { choice: 'allow_again' },
};

const money = {
  addPayment: {
    type: 'cash_check',
    amountCents: 10_000,
    paidAt: '2026-01-20T18:30:00Z',
    notes: 'Check 1184',
    overpayment: 'refuse',
  },
  addInsurancePayment: {
    amountCents: 11_000,
    paidAt: '2026-02-10T00:00:00Z',
    reference: 'ERA 550182',
    notes: 'First remittance',
    lines: [
      { lineId: ids.firstLine, paidCents: 9_000, writeOffCents: 3_000, clientOwesCents: 3_000 },
      { lineId: ids.secondLine, paidCents: 2_000, writeOffCents: 400, clientOwesCents: 0 },
    ],
  },
  refundPayment: {
    amountCents: 4_000,
    destination: 'original',
    effect: 'reopen',
    reason: 'Charged twice by mistake',
    billId: ids.bill,
  },
  decideRefundEffect: { effect: 'reduce' },
  attachPayment: { billId: ids.bill },
  startAutomationRun: { job: 'bills', on: '2026-01-15' },
  startReconciliation: { from: '2026-03-01', to: '2026-03-31' },
  confirmStripe: { state: 'q0Jb1nXkq2mY7sT5vW9zA3cE6gH8jL4pR1uX0yB2dF5' },
  addCredit: {
    amountCents: 20_000,
    reason: 'prepayment',
    type: 'card',
    collect: 'elsewhere',
    notes: 'Terminal, slip 91',
  },
  setUpCard: { contactId: ids.contact, consentTextVersion: '2026-01', returnTo: '/clients/billing' },
  changeCard: { nickname: 'Travel card', isDefault: true },
};

const guest = {
  lookupBill: { number: 'OAK-1042', accessCode: '604118' },
  requestFreshLink: { number: 'OAK-1042' },
  verifyGuest: { accessCode: '604118' },
  createGuestCheckout: { amountCents: 5_000 },
  setUpGuestCard: { consentTextVersion: 'autopay-card-1.en' },
  confirmGuestCheckout: { checkoutId: 'cs_test_a1B2c3D4e5F6g7H8' },
};

const client = {
  requestSignIn: { email: 'wanda.walker@example.com' },
  confirmSignIn: { email: 'wanda.walker@example.com', code: '604118' },
  createOwnCheckout: { amountCents: 5_000 },
  payOwnBill: { amountCents: 5_000, cardId: 'card_01KAB3Y5B1C7D3E9F4G0H6J2K8' },
  setUpOwnCard: { clientId: ids.client, consentTextVersion: 'card-1.en' },
  changeOwnCard: { nickname: 'Travel card', isDefault: true },
  putOwnAutopay: {
    clientId: ids.client,
    enabled: true,
    limitCents: 20_000,
    consentTextVersion: 'autopay-1.en',
    confirmOpenBalanceCents: 4_500,
  },
  switchAccount: { accountId: 'acc_01KAB3N5R8W2E7T4Y9V6M1C0XQ' },
};

/** By operation. */
export const exampleBodies: Readonly<Record<string, object>> = {
  ...people,
  ...practice,
  ...sessions,
  ...bills,
  ...money,
  ...guest,
  ...client,
};
