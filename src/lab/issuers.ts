/** Who signs in a world: a public CA with an intermediate, a stranger whom nobody trusts, and everybody for himself. */
import { X509Certificate } from 'node:crypto'
import { createAuthority, createKey, createSelfSigned, type Authority, type CertificateOptions, type KeyPair } from './certificates.ts'
import type { CertificateDefinition, PageDefinition } from './definition.ts'
import { parseDuration } from './duration.ts'
import { makeRevocationList } from './revocation-list.ts'
import type { ServedCertificate } from './tls-identity.ts'
import { WorldError } from './world-error.ts'

type RevocationListDefinition = NonNullable<PageDefinition['crl']>

export class Issuers {
  readonly #now: number
  readonly #root: Authority
  readonly #public: Authority
  #unknown: Promise<Authority> | undefined
  readonly #issued = new Map<CertificateDefinition, Map<string, Promise<ServedCertificate>>>()

  /** RSA keys take long to make: hosts that show certificates of the same definition share one. */
  readonly #rsaKeys = new Map<CertificateDefinition, Promise<KeyPair>>()

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
    const { from, until, issuer, chain, commonName, crl, ...rest } = definition
    const options: CertificateOptions = {
      ...rest,
      names,
      ...(commonName !== undefined && { commonName }),
      ...(crl !== undefined && { crlUrls: [crl] }),
      notBefore: new Date(this.#now + parseDuration(from)),
      notAfter: new Date(this.#now + parseDuration(until)),
      ...(definition.key.startsWith('rsa') && { keyPair: await this.#rsaKey(definition) }),
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

  #rsaKey(definition: CertificateDefinition): Promise<KeyPair> {
    const key = this.#rsaKeys.get(definition) ?? createKey(definition.key)
    this.#rsaKeys.set(definition, key)
    return key
  }

  /** DER. @throws WorldError for a certificate that does not say its names: any host could show it. */
  async revocationList({ issuer, from, until, revoked }: RevocationListDefinition, certificates: Readonly<Record<string, CertificateDefinition>>): Promise<Buffer> {
    const entries = await Promise.all(revoked.map(async name => {
      const definition = certificates[name]
      const [host] = definition?.names ?? []
      if (!definition || host === undefined) throw new WorldError([`a list revokes the certificate "${name}", which ${definition ? 'says no names' : 'is not there'}`])
      const { issued } = await this.issueFor(host, definition)
      return { serial: new X509Certificate(issued.der).serialNumber.toLowerCase(), date: new Date(this.#now + parseDuration('-3d')), reason: 1 }
    }))
    const signer = issuer === 'public' ? this.#public : await this.#stranger()
    return makeRevocationList(signer, { entries, thisUpdate: new Date(this.#now + parseDuration(from)), nextUpdate: new Date(this.#now + parseDuration(until)) })
  }

  #stranger(): Promise<Authority> {
    this.#unknown ??= createAuthority('Unknown CA')
    return this.#unknown
  }
}
