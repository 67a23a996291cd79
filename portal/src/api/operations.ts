// Made from the operation rows by `npm run docs`.
import type * as attention from '../../../shared/operations/attention';
import type * as automation from '../../../shared/operations/automation';
import type * as bills from '../../../shared/operations/bills';
import type * as cards from '../../../shared/operations/cards';
import type * as catalogue from '../../../shared/operations/catalogue';
import type * as client from '../../../shared/operations/client';
import type * as clients from '../../../shared/operations/clients';
import type * as contacts from '../../../shared/operations/contacts';
import type * as credits from '../../../shared/operations/credits';
import type * as docs from '../../../shared/operations/docs';
import type * as documents from '../../../shared/operations/documents';
import type * as guest from '../../../shared/operations/guest';
import type * as imports from '../../../shared/operations/imports';
import type * as members from '../../../shared/operations/members';
import type * as ownBills from '../../../shared/operations/ownBills';
import type * as payments from '../../../shared/operations/payments';
import type * as pending from '../../../shared/operations/pending';
import type * as policies from '../../../shared/operations/policies';
import type * as practice from '../../../shared/operations/practice';
import type * as reconciliation from '../../../shared/operations/reconciliation';
import type * as sessions from '../../../shared/operations/sessions';
import type * as settings from '../../../shared/operations/settings';
import type * as shares from '../../../shared/operations/shares';
import type * as statements from '../../../shared/operations/statements';
import type * as stripe from '../../../shared/operations/stripe';
import type * as superbills from '../../../shared/operations/superbills';
import type * as unmatched from '../../../shared/operations/unmatched';
import type * as webhooks from '../../../shared/operations/webhooks';
import type { Route } from './route';

/** The practice of the caller. */
export const getPractice: Route<typeof practice.getPracticeRow> = { method: 'GET', path: '/practice' };

/** Changes name, address, zone and switches of the practice; currency and short code stay for good. */
export const changePractice: Route<typeof practice.changePracticeRow> = { method: 'PATCH', path: '/practice' };

/** The logo at the head of the practice’s documents. */
export const getPracticeLogo: Route<typeof practice.getPracticeLogoRow> = { method: 'GET', path: '/practice/logo' };

/** Sets the logo of documents made afterwards: a PNG or JPEG of at most 2,000 pixels a side. */
export const putPracticeLogo: Route<typeof practice.putPracticeLogoRow> = { method: 'PUT', path: '/practice/logo' };

/** Takes the logo off documents made afterwards; those made before keep it. */
export const deletePracticeLogo: Route<typeof practice.deletePracticeLogoRow> = {
  method: 'DELETE',
  path: '/practice/logo',
};

/** Clients by name; `query` finds words of a name by their beginnings, whatever the case and accents. */
export const listClients: Route<typeof clients.listClientsRow> = { method: 'GET', path: '/clients' };

/** Adds a client; a practitioner’s new client is the practitioner’s own. */
export const createClient: Route<typeof clients.createClientRow> = { method: 'POST', path: '/clients' };

/** A client with what is owed and what is in credit. */
export const getClient: Route<typeof clients.getClientRow> = { method: 'GET', path: '/clients/{clientId}' };

/** Changes a client; `null` empties a field; archiving wants balance and credit at 0. */
export const changeClient: Route<typeof clients.changeClientRow> = { method: 'PATCH', path: '/clients/{clientId}' };

/** How a client is billed; "inherit" follows the practice. */
export const getClientBillingSettings: Route<typeof clients.getClientBillingSettingsRow> = {
  method: 'GET',
  path: '/clients/{clientId}/billing-settings',
};

/** Replaces how a client is billed; AutoPay on an open balance wants the balance confirmed. */
export const putClientBillingSettings: Route<typeof clients.putClientBillingSettingsRow> = {
  method: 'PUT',
  path: '/clients/{clientId}/billing-settings',
};

/** Contacts of a client; the one with the billing role gets the bills. */
export const listContacts: Route<typeof contacts.listContactsRow> = {
  method: 'GET',
  path: '/clients/{clientId}/contacts',
};

/** Adds a contact; a client has at most one billing contact. */
export const createContact: Route<typeof contacts.createContactRow> = {
  method: 'POST',
  path: '/clients/{clientId}/contacts',
};

/** Changes a contact; bills made before keep their recipient. */
export const changeContact: Route<typeof contacts.changeContactRow> = {
  method: 'PATCH',
  path: '/clients/{clientId}/contacts/{contactId}',
};

/** Removes a contact; bills to come go to the client then. */
export const removeContact: Route<typeof contacts.removeContactRow> = {
  method: 'DELETE',
  path: '/clients/{clientId}/contacts/{contactId}',
};

/** The Documents tab: unbilled sessions, bills, statements, superbills of a client, the newest first. */
export const listDocuments: Route<typeof documents.listDocumentsRow> = {
  method: 'GET',
  path: '/clients/{clientId}/documents',
};

/** Members of the practice; only admins see more than name and roles. */
export const listMembers: Route<typeof members.listMembersRow> = { method: 'GET', path: '/members' };

/** Adds a member and the sign-in, to which the platform mails an invitation. */
export const createMember: Route<typeof members.createMemberRow> = { method: 'POST', path: '/members' };

/** Changes a member; holds within a minute, as long as an answer to "who calls" is kept. */
export const changeMember: Route<typeof members.changeMemberRow> = { method: 'PATCH', path: '/members/{memberId}' };

/** Ends a member’s access; what the member did stays. */
export const deactivateMember: Route<typeof members.deactivateMemberRow> = {
  method: 'DELETE',
  path: '/members/{memberId}',
};

/** Clients with their unbilled sessions; a client never spans pages. */
export const listPending: Route<typeof pending.listPendingRow> = { method: 'GET', path: '/billing/pending' };

/** Insurance policies of a client. */
export const listPolicies: Route<typeof policies.listPoliciesRow> = {
  method: 'GET',
  path: '/clients/{clientId}/policies',
};

/** Adds a policy; on each day at most one of a rank is in force. */
export const createPolicy: Route<typeof policies.createPolicyRow> = {
  method: 'POST',
  path: '/clients/{clientId}/policies',
};

/** Changes a policy; bills made before keep their terms. */
export const changePolicy: Route<typeof policies.changePolicyRow> = {
  method: 'PATCH',
  path: '/clients/{clientId}/policies/{policyId}',
};

/** Removes a policy; bills made before keep their terms. */
export const removePolicy: Route<typeof policies.removePolicyRow> = {
  method: 'DELETE',
  path: '/clients/{clientId}/policies/{policyId}',
};

/** Sessions, the newest first; a page of a filtered list may be shorter than its limit. */
export const listSessions: Route<typeof sessions.listSessionsRow> = { method: 'GET', path: '/sessions' };

/** Adds a session; price and text come from the service unless given; an externalId makes it once. */
export const createSession: Route<typeof sessions.createSessionRow> = { method: 'POST', path: '/sessions' };

/** A session; without amounts for whoever may see none. */
export const getSession: Route<typeof sessions.getSessionRow> = { method: 'GET', path: '/sessions/{sessionId}' };

/** Changes a session; of a billed or waived one only noteSigned, claimReview, and modifiers and diagnoses of its services. */
export const changeSession: Route<typeof sessions.changeSessionRow> = {
  method: 'PATCH',
  path: '/sessions/{sessionId}',
};

/** The session did not take place; the practice’s no-show fee holds unless given. */
export const cancelSession: Route<typeof sessions.cancelSessionRow> = {
  method: 'POST',
  path: '/sessions/{sessionId}/cancel',
};

/** The session took place: with a billable service it is pending now (R6, R7). */
export const completeSession: Route<typeof sessions.completeSessionRow> = {
  method: 'POST',
  path: '/sessions/{sessionId}/complete',
};

/** The session may be billed again. */
export const unwaiveSession: Route<typeof sessions.unwaiveSessionRow> = {
  method: 'POST',
  path: '/sessions/{sessionId}/unwaive',
};

/** The session shall not be billed: it leaves the pending list. */
export const waiveSession: Route<typeof sessions.waiveSessionRow> = {
  method: 'POST',
  path: '/sessions/{sessionId}/waive',
};

/** Automation settings of the practice: the defaults of clients that have none of their own. */
export const getAutomationSettings: Route<typeof settings.getAutomationSettingsRow> = {
  method: 'GET',
  path: '/settings/automation',
};

/** Replaces the automation settings and says how many clients inherit each changed value. */
export const putAutomationSettings: Route<typeof settings.putAutomationSettingsRow> = {
  method: 'PUT',
  path: '/settings/automation',
};

/** Makes existing clients inherit the named values again; with dryRun it only counts them. */
export const applyAutomationToClients: Route<typeof settings.applyAutomationToClientsRow> = {
  method: 'POST',
  path: '/settings/automation/apply-to-clients',
};

/** Bill settings of the practice. */
export const getBillingSettings: Route<typeof settings.getBillingSettingsRow> = {
  method: 'GET',
  path: '/settings/billing',
};

/** Replaces the bill settings; they hold for documents made afterwards. */
export const putBillingSettings: Route<typeof settings.putBillingSettingsRow> = {
  method: 'PUT',
  path: '/settings/billing',
};

/** Insurers and platforms that pay. */
export const listPayers: Route<typeof catalogue.listPayersRow> = { method: 'GET', path: '/payers' };

/** Adds an insurer, or a platform such as Headway or Alma. */
export const createPayer: Route<typeof catalogue.createPayerRow> = { method: 'POST', path: '/payers' };

/** Renames a payer or makes it active again; its kind stays, since bills rely on it. */
export const changePayer: Route<typeof catalogue.changePayerRow> = { method: 'PATCH', path: '/payers/{payerId}' };

/** Hides a payer: no new policy or bill takes it. */
export const hidePayer: Route<typeof catalogue.hidePayerRow> = { method: 'DELETE', path: '/payers/{payerId}' };

/** Products, which go on bills by hand. */
export const listProducts: Route<typeof catalogue.listProductsRow> = { method: 'GET', path: '/products' };

/** Adds a product. */
export const createProduct: Route<typeof catalogue.createProductRow> = { method: 'POST', path: '/products' };

/** Changes a product; bills made before stay as they are. */
export const changeProduct: Route<typeof catalogue.changeProductRow> = {
  method: 'PATCH',
  path: '/products/{productId}',
};

/** Hides a product: no new bill takes it. */
export const hideProduct: Route<typeof catalogue.hideProductRow> = { method: 'DELETE', path: '/products/{productId}' };

/** Services; without prices for whoever may see no amounts. */
export const listServices: Route<typeof catalogue.listServicesRow> = { method: 'GET', path: '/services' };

/** Adds a service with its usual price, which may be 0. */
export const createService: Route<typeof catalogue.createServiceRow> = { method: 'POST', path: '/services' };

/** Adds a starter set of psychotherapy codes at price 0; codes that are there stay as they are. */
export const importServices: Route<typeof catalogue.importServicesRow> = { method: 'POST', path: '/services/import' };

/** Changes a service; sessions made before keep its price and text. */
export const changeService: Route<typeof catalogue.changeServiceRow> = {
  method: 'PATCH',
  path: '/services/{serviceId}',
};

/** Hides a service: no new session takes it. */
export const hideService: Route<typeof catalogue.hideServiceRow> = { method: 'DELETE', path: '/services/{serviceId}' };

/** Shares a bill with its recipient: by mail, which goes out at once or later, or in the portal only. */
export const shareBill: Route<typeof shares.shareBillRow> = { method: 'POST', path: '/bills/{billId}/share' };

/** Takes a scheduled share back before it is sent. */
export const withdrawShare: Route<typeof shares.withdrawShareRow> = { method: 'DELETE', path: '/bills/{billId}/share' };

/** The shares of a bill, newest first. */
export const listBillShares: Route<typeof shares.listBillSharesRow> = { method: 'GET', path: '/bills/{billId}/shares' };

/** Ends what a share gives: a bill’s pay link, a document’s place in the portal; one that waits is taken back. */
export const revokeShare: Route<typeof shares.revokeShareRow> = { method: 'POST', path: '/shares/{shareId}/revoke' };

/** The bill that this guest opened, as it stands. */
export const getGuestBill: Route<typeof guest.getGuestBillRow> = { method: 'GET', path: '/guest/bill' };

/** Opens Stripe’s page for another card of AutoPay, for whoever came by the link of a mail to the recipient. */
export const setUpGuestCard: Route<typeof guest.setUpGuestCardRow> = { method: 'POST', path: '/guest/bill/card-setup' };

/** Opens Stripe’s payment page for this bill; the same page for the same amount. */
export const createGuestCheckout: Route<typeof guest.createGuestCheckoutRow> = {
  method: 'POST',
  path: '/guest/bill/checkout',
};

/** Brings a finished payment page into the bill at once; without a guest token it tells status and amount only. */
export const confirmGuestCheckout: Route<typeof guest.confirmGuestCheckoutRow> = {
  method: 'POST',
  path: '/guest/bill/checkout/confirm',
};

/** The bill on paper, for a guest who gave the access code. */
export const getGuestBillPdf: Route<typeof guest.getGuestBillPdfRow> = { method: 'GET', path: '/guest/bill/pdf' };

/** Gives the access code as second factor, which the PDF wants of whoever came by a link. */
export const verifyGuest: Route<typeof guest.verifyGuestRow> = { method: 'POST', path: '/guest/bill/verify' };

/** Mails a fresh link to the address on file; the answer never tells whether there is such a bill. */
export const requestFreshLink: Route<typeof guest.requestFreshLinkRow> = {
  method: 'POST',
  path: '/guest/bills/fresh-link',
};

/** Opens one bill: by the link of a mail, or by bill number and access code. */
export const lookupBill: Route<typeof guest.lookupBillRow> = { method: 'POST', path: '/guest/bills/lookup' };

/** Switches AutoPay of one client on or off, by whoever gets the bills; an open balance has to be confirmed. */
export const putOwnAutopay: Route<typeof client.putOwnAutopayRow> = { method: 'PUT', path: '/client/autopay' };

/** The bills of this account, the newest first: those that were shared, or all where the practice shows all. */
export const listOwnBills: Route<typeof ownBills.listOwnBillsRow> = { method: 'GET', path: '/client/bills' };

/** One bill with its lines and what the client paid on it. */
export const getOwnBill: Route<typeof ownBills.getOwnBillRow> = { method: 'GET', path: '/client/bills/{billId}' };

/** Opens Stripe’s payment page for a bill; the same page for the same amount, as a guest’s. */
export const createOwnCheckout: Route<typeof ownBills.createOwnCheckoutRow> = {
  method: 'POST',
  path: '/client/bills/{billId}/checkout',
};

/** Pays by a saved card of this payer; a bank that asks to confirm is answered at `redirectUrl`. */
export const payOwnBill: Route<typeof ownBills.payOwnBillRow> = {
  method: 'POST',
  path: '/client/bills/{billId}/payments',
};

/** The bill on paper: bytes, a link, or a redirect to one. */
export const getOwnBillPdf: Route<typeof ownBills.getOwnBillPdfRow> = {
  method: 'GET',
  path: '/client/bills/{billId}/pdf',
};

/** Saved cards of this payer, by the client whose bills they pay. */
export const listOwnCards: Route<typeof client.listOwnCardsRow> = { method: 'GET', path: '/client/cards' };

/** Opens Stripe’s page on which a card of this payer is entered and saved. */
export const setUpOwnCard: Route<typeof client.setUpOwnCardRow> = { method: 'POST', path: '/client/cards/setup' };

/** Names a card or makes it this payer’s default. */
export const changeOwnCard: Route<typeof client.changeOwnCardRow> = { method: 'PATCH', path: '/client/cards/{cardId}' };

/** Removes a card here and at Stripe; while AutoPay charges this payer, one stays. */
export const removeOwnCard: Route<typeof client.removeOwnCardRow> = {
  method: 'DELETE',
  path: '/client/cards/{cardId}',
};

/** Who is signed in: the practice, and what each client of this account owes on bills that it sees. */
export const getOwnAccount: Route<typeof client.getOwnAccountRow> = { method: 'GET', path: '/client/me' };

/** Mails a code to sign in with, where the address is known; the answer never tells whether it is. */
export const requestSignIn: Route<typeof client.requestSignInRow> = { method: 'POST', path: '/client/sessions' };

/** Ends the session; holds within a minute, as long as an answer to "who calls" is kept. */
export const signOut: Route<typeof client.signOutRow> = { method: 'DELETE', path: '/client/sessions' };

/** Signs in with the code of the mail: a token for one account of this address. */
export const confirmSignIn: Route<typeof client.confirmSignInRow> = {
  method: 'POST',
  path: '/client/sessions/confirm',
};

/** Goes on with another account of the same address: a new token, which ends when the first one would have. */
export const switchAccount: Route<typeof client.switchAccountRow> = { method: 'POST', path: '/client/sessions/switch' };

/** What somebody must look at: bounced mail, disputes, refused cards, stuck work; open ones first. */
export const listAttention: Route<typeof attention.listAttentionRow> = { method: 'GET', path: '/attention' };

/** Marks it as seen to, with the choice that was made. */
export const resolveAttention: Route<typeof attention.resolveAttentionRow> = {
  method: 'POST',
  path: '/attention/{attentionId}/resolve',
};

/** Per section: how many bills and what is owed. */
export const getBillingSummary: Route<typeof bills.getBillingSummaryRow> = { method: 'GET', path: '/billing/summary' };

/** Bills of one section, or of one client. */
export const listBills: Route<typeof bills.listBillsRow> = { method: 'GET', path: '/bills' };

/** Makes a bill from completed sessions and products. */
export const createBill: Route<typeof bills.createBillRow> = { method: 'POST', path: '/bills' };

/** One bill with its payments, refunds and shares. */
export const getBill: Route<typeof bills.getBillRow> = { method: 'GET', path: '/bills/{billId}' };

/** Changes comments, due date, recipient; lines only while nothing is paid. */
export const editBill: Route<typeof bills.editBillRow> = { method: 'PATCH', path: '/bills/{billId}' };

/** Cancels a bill and hides it; its number is never used again. */
export const deleteBill: Route<typeof bills.deleteBillRow> = { method: 'DELETE', path: '/bills/{billId}' };

/** Adds an adjustment line; what is overpaid then becomes credit. */
export const adjustBill: Route<typeof bills.adjustBillRow> = { method: 'POST', path: '/bills/{billId}/adjustments' };

/** Keeps AutoPay off this bill until released. */
export const holdAutopay: Route<typeof bills.holdAutopayRow> = { method: 'PUT', path: '/bills/{billId}/autopay-hold' };

/** Lets AutoPay collect on this bill again. */
export const releaseAutopayHold: Route<typeof bills.releaseAutopayHoldRow> = {
  method: 'DELETE',
  path: '/bills/{billId}/autopay-hold',
};

/** Cancels a bill; its sessions return to pending or are waived. */
export const cancelBill: Route<typeof bills.cancelBillRow> = { method: 'POST', path: '/bills/{billId}/cancel' };

/** Who did what to this bill, when. */
export const getBillHistory: Route<typeof bills.getBillHistoryRow> = { method: 'GET', path: '/bills/{billId}/history' };

/** The bill on paper: bytes, a link, or a redirect to one. */
export const getBillPdf: Route<typeof bills.getBillPdfRow> = { method: 'GET', path: '/bills/{billId}/pdf' };

/** Gives up part of what the client owes. */
export const writeOffBill: Route<typeof bills.writeOffBillRow> = { method: 'POST', path: '/bills/{billId}/write-offs' };

/** Statements of a client, the newest first. */
export const listStatements: Route<typeof statements.listStatementsRow> = {
  method: 'GET',
  path: '/clients/{clientId}/statements',
};

/** Makes a statement of a range: opening balance, every movement, closing balance; the same range again, the next version. */
export const createStatement: Route<typeof statements.createStatementRow> = {
  method: 'POST',
  path: '/clients/{clientId}/statements',
};

/** A statement as it was made, with its shares, and whether the ledger has changed since. */
export const getStatement: Route<typeof statements.getStatementRow> = {
  method: 'GET',
  path: '/clients/{clientId}/statements/{statementId}',
};

/** The statement on paper: bytes, a link, or a redirect to one. */
export const getStatementPdf: Route<typeof statements.getStatementPdfRow> = {
  method: 'GET',
  path: '/clients/{clientId}/statements/{statementId}/pdf',
};

/** Shares a statement with its recipient: by mail, which goes out at once or later, or in the portal only. */
export const shareStatement: Route<typeof statements.shareStatementRow> = {
  method: 'POST',
  path: '/clients/{clientId}/statements/{statementId}/share',
};

/** Superbills of a client, the newest first. */
export const listSuperbills: Route<typeof superbills.listSuperbillsRow> = {
  method: 'GET',
  path: '/clients/{clientId}/superbills',
};

/** Makes a superbill of the billed sessions with a CPT code in a range. */
export const createSuperbill: Route<typeof superbills.createSuperbillRow> = {
  method: 'POST',
  path: '/clients/{clientId}/superbills',
};

/** A superbill as it was made, with its shares, and whether its bills have changed since. */
export const getSuperbill: Route<typeof superbills.getSuperbillRow> = {
  method: 'GET',
  path: '/clients/{clientId}/superbills/{superbillId}',
};

/** The superbill on paper: bytes, a link, or a redirect to one. */
export const getSuperbillPdf: Route<typeof superbills.getSuperbillPdfRow> = {
  method: 'GET',
  path: '/clients/{clientId}/superbills/{superbillId}/pdf',
};

/** Makes the next version of a superbill: the same sessions as their bills tell of them now. */
export const reissueSuperbill: Route<typeof superbills.reissueSuperbillRow> = {
  method: 'POST',
  path: '/clients/{clientId}/superbills/{superbillId}/reissue',
};

/** Shares a superbill with its recipient, as an attachment or in the portal, never by a link that anybody could open. */
export const shareSuperbill: Route<typeof superbills.shareSuperbillRow> = {
  method: 'POST',
  path: '/clients/{clientId}/superbills/{superbillId}/share',
};

/** Records what an insurer paid, wrote off and left to the client. */
export const addInsurancePayment: Route<typeof payments.addInsurancePaymentRow> = {
  method: 'POST',
  path: '/bills/{billId}/insurance-payments',
};

/** Takes a client payment: card through Stripe or elsewhere, cash or check, credit, discount, other. */
export const addPayment: Route<typeof payments.addPaymentRow> = { method: 'POST', path: '/bills/{billId}/payments' };

/** One payment with its refunds. */
export const getPayment: Route<typeof payments.getPaymentRow> = { method: 'GET', path: '/payments/{paymentId}' };

/** Gives money back, all or part; a refund already made in Stripe is only marked. */
export const refundPayment: Route<typeof payments.refundPaymentRow> = {
  method: 'POST',
  path: '/payments/{paymentId}/refunds',
};

/** Decides later that a refund found in Stripe shall reduce the bill. */
export const decideRefundEffect: Route<typeof payments.decideRefundEffectRow> = {
  method: 'POST',
  path: '/refunds/{refundId}/effect',
};

/** A client’s credit: what is left, and where it came from and went. */
export const listCredits: Route<typeof credits.listCreditsRow> = { method: 'GET', path: '/clients/{clientId}/credits' };

/** Takes a prepayment, leaves a reimbursement as credit, or adjusts credit by hand. */
export const addCredit: Route<typeof credits.addCreditRow> = { method: 'POST', path: '/clients/{clientId}/credits' };

/** Names a card or makes it its owner’s default. */
export const changeCard: Route<typeof cards.changeCardRow> = { method: 'PATCH', path: '/cards/{cardId}' };

/** Removes a card here and at Stripe; one that then remains alone becomes the default. */
export const removeCard: Route<typeof cards.removeCardRow> = { method: 'DELETE', path: '/cards/{cardId}' };

/** Saved cards of a client and the client’s contacts. */
export const listCards: Route<typeof cards.listCardsRow> = { method: 'GET', path: '/clients/{clientId}/cards' };

/** Opens Stripe’s page on which a card is entered and saved. */
export const setUpCard: Route<typeof cards.setUpCardRow> = { method: 'POST', path: '/clients/{clientId}/cards/setup' };

/** Opens Stripe’s page on which the practice connects an account of its own; again while that is not finished. */
export const connectStripe: Route<typeof stripe.connectStripeRow> = { method: 'POST', path: '/stripe/connect' };

/** Comes back from Stripe’s page: holds the one-time state against member and practice, and looks what Stripe says. */
export const confirmStripe: Route<typeof stripe.confirmStripeRow> = { method: 'POST', path: '/stripe/connect/confirm' };

/** Whether the practice can take cards, as Stripe says now. */
export const getStripeStatus: Route<typeof stripe.getStripeStatusRow> = { method: 'GET', path: '/stripe/status' };

/** What the automation of a date will do, client by client, and why it passes over the others. */
export const previewAutomation: Route<typeof automation.previewAutomationRow> = {
  method: 'GET',
  path: '/automation/preview',
};

/** Runs of the automation, the latest dates first. */
export const listAutomationRuns: Route<typeof automation.listAutomationRunsRow> = {
  method: 'GET',
  path: '/automation/runs',
};

/** Runs a job of a date by hand, or once more: what was done stays done. */
export const startAutomationRun: Route<typeof automation.startAutomationRunRow> = {
  method: 'POST',
  path: '/automation/runs',
};

/** A run with what came of each client or bill that it looked at. */
export const getAutomationRun: Route<typeof automation.getAutomationRunRow> = {
  method: 'GET',
  path: '/automation/runs/{runId}',
};

/** What was held against Stripe, the newest first, by when it began. */
export const listReconciliations: Route<typeof reconciliation.listReconciliationsRow> = {
  method: 'GET',
  path: '/reconciliation',
};

/** Holds every charge, refund, dispute, fee and payout at Stripe against the ledger, and mends what can be mended. */
export const startReconciliation: Route<typeof reconciliation.startReconciliationRow> = {
  method: 'POST',
  path: '/reconciliation',
};

/** Each charge on which the ledger and Stripe did not agree. */
export const listDifferences: Route<typeof reconciliation.listDifferencesRow> = {
  method: 'GET',
  path: '/reconciliation/{reconciliationId}/differences',
};

/** What Stripe paid out in the span: gross, refunds, disputes, fees, net, and whether its movements come to it. */
export const listPayouts: Route<typeof reconciliation.listPayoutsRow> = {
  method: 'GET',
  path: '/reconciliation/{reconciliationId}/payouts',
};

/** Charges made by hand in Stripe that belong to no bill and no client yet. */
export const listUnmatchedPayments: Route<typeof unmatched.listUnmatchedPaymentsRow> = {
  method: 'GET',
  path: '/unmatched-payments',
};

/** Gives unmatched money to a bill, its surplus to the client’s credit, or to a client as credit. */
export const attachPayment: Route<typeof unmatched.attachPaymentRow> = {
  method: 'POST',
  path: '/unmatched-payments/{paymentId}/attach',
};

/** Takes Stripe’s signed events: once each, quickly, followed by a worker. */
export const receiveStripeEvent: Route<typeof webhooks.receiveStripeEventRow> = {
  method: 'POST',
  path: '/webhooks/stripe',
};

/** Takes clients, services or sessions as CSV or JSON; the rows are worked off afterwards. */
export const createImport: Route<typeof imports.createImportRow> = { method: 'POST', path: '/imports' };

/** How far an import is. */
export const getImport: Route<typeof imports.getImportRow> = { method: 'GET', path: '/imports/{importId}' };

/** What became of each row. */
export const listImportRows: Route<typeof imports.listImportRowsRow> = {
  method: 'GET',
  path: '/imports/{importId}/rows',
};

/** This contract as a page to read; each problem’s `type` leads to its section there. */
export const getDocs: Route<typeof docs.getDocsRow> = { method: 'GET', path: '/docs' };

/** This contract as OpenAPI 3.1. */
export const getOpenApi: Route<typeof docs.getOpenApiRow> = { method: 'GET', path: '/openapi.json' };
