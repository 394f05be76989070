/**
 * Keys whose private halves stand in print, by the SHA-256 of what makes them out: the modulus of an RSA key, or the point of an
 * ed25519 key, in lower-case hexadecimal. They get into DNS from guides and test set-ups.
 */
export const publishedKeys: ReadonlyMap<string, string> = new Map([
  ['353660818052de37f5ad563dd349ced3d2ef6cec7eef0ed3bae24c5bb276bd00', 'RFC 6376, Appendix C'],
  ['4244102510b8c2be2e2038711b80f92ce5191b4c93a5732d089d83c6836e6091', 'RFC 8463, Appendix A'],
  ['4ebbe859de728e527bf2c053d3d7dabc7745b6c0c95cdf9dd7952317c3000b1f', 'RFC 8463, Appendix A'],
  ['9ee202a85da63321fb4eb1d3c681302df376f555139b46f62f2cf57397a05dc2', 'RFC 8032, Section 7.1'],
  ['8b19a1357d43b8f8568a9ea800f070b2c4443830f668ee6a83b1486efe724637', 'RFC 8032, Section 7.1'],
  ['c32f9ca5ca8f00fcfb63580359f65bd89370054d098ec0f426d5986d01986d81', 'RFC 8032, Section 7.1'],
  ['1ed2922019531941f3a7ac9da159cba7a039ec6473c7ef4f0aef85bcaa87301d', 'RFC 8032, Section 7.1'],
])
