/** A signed zone as a validating resolver tells of it, for tests to break. */
export const key = 'example.com DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=='
export const ds = 'example.com DS 55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17'

/** Signatures of two weeks, the first of which is over. */
export const signatures = (until = '20261206000000', from = '20261115000000'): string => [
  ['example.com', 'SOA'], ['example.com', 'MX'], ['example.com', 'TXT'], ['example.com', 'DNSKEY'], ['mx1.example.com', 'A'],
].map(([name = '', type = '']) => `${name} RRSIG ${type} 13 ${name.split('.').length} 3600 ${until} ${from} 55648 example.com c2ln`).join('\n')

export const records = `
  com SOA a.registry.com h.registry.com 1 2 3 4 5
  example.com SOA ns1.example.com h.example.com 1 2 3 4 5
  example.com NS ns1.example.com
  example.com MX 10 mx1.example.com
  example.com TXT "v=spf1 mx -all"
  mx1.example.com A 9.9.9.25
  ns1.example.com A 9.9.9.1`

export const signed = `; secure example.com\n${records}\n${key}\n${ds}\n${signatures()}`
/** Nobody vouches for it, and it has no key. */
export const unsigned = records

/** The root, with signatures that tell the time. */
export const rootSigned = '. SOA a.root.example h.root.example 1 2 3 4 5\n. RRSIG SOA 13 0 3600 20261205000000 20261121000000 1 . c2ln'
