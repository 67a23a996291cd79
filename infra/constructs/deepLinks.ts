/** The HTML entries of the site: staff code never reaches the pay page. */
export const siteEntries = { staff: '/index.html', client: '/client.html', pay: '/pay.html' } as const;

/**
 * Runs at CloudFront on each request of the default behaviour, in its own small JavaScript: a path that is no file leads to
 * the entry that owns it. Error responses could do this too, but hold for the whole distribution and would swallow the
 * API's own. `/clients/…` is a page of staff; only `/client` and what lies under it is the client's portal.
 */
export const deepLinkCode = `
function handler(event) {
  var request = event.request;
  var uri = request.uri;
  if (uri.slice(uri.lastIndexOf('/')).indexOf('.') !== -1) return request;
  if (uri === '/pay' || uri.indexOf('/pay/') === 0) request.uri = '${siteEntries.pay}';
  else if (uri === '/client' || uri.indexOf('/client/') === 0) request.uri = '${siteEntries.client}';
  else request.uri = '${siteEntries.staff}';
  return request;
}
`.trim();
