/** Who signs in a world: a public CA with an intermediate, a stranger whom nobody trusts, and everybody for himself. */
import { createAuthority, createSelfSigned, type Authority, type CertificateOptions } from './certificates.ts'
import type { CertificateDefinition } from './definition.ts'
import { parseDuration } from './duration.ts'
import type { ServedCertificate } from './tls-identity.ts'

export class Issuers {
  readonly #now: number
  readonly #root: Authority
  readonly #public: Authority
  #unknown: Promise<Authority> | undefined
  readonly #issued = new Map<CertificateDefinition, Map<string, Promise<ServedCertificate>>>()

  static async create(now: Date): Promise<Issuers> {
    const root = await createAuthority('World Root CA')
    return new Issuers(now, root, await root.intermediate('World Issuing CA'))
  }

  private constructor(now: Date, root: Authority, issuing: Authority) {
    this.#now = now.getTime()
    this.#root = root
    this.#public = issuing
  }

  /** PEM of the root that clients are to trust. */
  get anchor(): string {
    return this.#root.pem
  }

  /** The same definition shown by the same host is the same certificate. */
  issueFor(host: string, definition: CertificateDefinition): Promise<ServedCertificate> {
    const names = definition.names ?? [host]
    const byNames = this.#issued.get(definition) ?? new Map<string, Promise<ServedCertificate>>()
    this.#issued.set(definition, byNames)
    const issued = byNames.get(names.join()) ?? this.#issue(definition, names)
    byNames.set(names.join(), issued)
    return issued
  }

  async #issue(definition: CertificateDefinition, names: readonly string[]): Promise<ServedCertificate> {
    const { from, until, issuer, chain, commonName, ...rest } = definition
    const options: CertificateOptions = {
      ...rest,
      names,
      ...(commonName !== undefined && { commonName }),
      notBefore: new Date(this.#now + parseDuration(from)),
      notAfter: new Date(this.#now + parseDuration(until)),
    }
    if (issuer === 'self') {
      const issued = await createSelfSigned(options)
      return { issued, chain: issued.chain }
    }
    const authority = issuer === 'public' ? this.#public : await this.#stranger()
    const issued = await authority.issue(options)
    switch (chain) {
      case 'leaf': return { issued, chain: [issued.der] }
      case 'complete': return { issued, chain: issued.chain }
      case 'with-root': return { issued, chain: [...issued.chain, this.#root.der] }
    }
  }

  #stranger(): Promise<Authority> {
    this.#unknown ??= createAuthority('Unknown CA')
    return this.#unknown
  }
}
