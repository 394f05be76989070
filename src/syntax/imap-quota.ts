/**
 * IMAP quotas (RFC 9208 §4.2.1): `* QUOTA "User quota" (STORAGE 1024 2048 MESSAGE 3 1000)` gives, for a quota root, each resource
 * with what is used and what is allowed; STORAGE counts units of 1024 octets. A mailbox may have several roots, or none.
 */
export interface QuotaResource {
  /** In upper case: `STORAGE`, `MESSAGE`. */
  readonly name: string
  readonly used: number
  readonly limit: number
}

/** Of all quota roots that the reply tells of. Numbers that no number can hold are as large as can be held. */
export function quotaResources(reply: readonly string[]): QuotaResource[] {
  const found: QuotaResource[] = []
  let ofQuota = false
  for (const line of reply) {
    // the root may be a literal, and the list then begins the line after it
    if (/^\* /.test(line)) ofQuota = /^\* QUOTA /i.test(line)
    if (!ofQuota) continue
    const list = /\(([^()]*)\)$/.exec(line.trimEnd().slice(-1024))?.[1] ?? ''
    const words = list.split(' ').filter(word => word !== '')
    for (let i = 0; i + 2 < words.length; i += 3) {
      const [name = '', used = '', limit = ''] = words.slice(i, i + 3)
      if (/^\d{1,20}$/.test(used) && /^\d{1,20}$/.test(limit)) found.push({ name: name.toUpperCase(), used: Number(used), limit: Number(limit) })
    }
  }
  return found
}
