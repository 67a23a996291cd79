/** pdfkit encrypts with AES, whose tables are computed as it is loaded. No document here is encrypted. */
function encrypt(): never {
  throw new Error('Documents are not encrypted');
}

export { encrypt as cbc, encrypt as ecb, encrypt as sha256 };
