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

  async issueAll(definitions: Readonly<Record<string, CertificateDefinition>>): Promise<ReadonlyMap<string, ServedCertificate>> {
    return new Map(await Promise.all(Object.entries(definitions).map(async ([name, definition]) =>
      [name, await this.#issue(definition)] as const)))
  }

  async #issue({ from, until, issuer, chain, commonName, ...rest }: CertificateDefinition): Promise<ServedCertificate> {
    const options: CertificateOptions = {
      ...rest,
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
