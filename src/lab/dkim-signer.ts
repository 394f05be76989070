/** Signs messages of a world (RFC 6376, RFC 8463): with a key that is made for it, and that its zones publish as {dkim}. */
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { BodyDigests } from '../syntax/body-digests.ts'
import { canonicalField } from '../syntax/dkim-canonical.ts'

export class DkimSigner {
  readonly #key: KeyObject
  /** As a key record has it. */
  readonly publicKey: string

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    this.#key = privateKey
    this.publicKey = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')
  }

  /** The field for the top of the message, with its line end; `message` is one character an octet. */
  field(message: string, { domain, selector }: { readonly domain: string; readonly selector: string }): string {
    const end = message.indexOf('\r\n\r\n')
    const header = end < 0 ? message : message.slice(0, end)
    const wanted = { form: 'relaxed', length: null } as const
    const body = new BodyDigests([wanted])
    body.sink(Buffer.from(end < 0 ? '' : message.slice(end + 4), 'latin1'))
    const names = ['from', 'to', 'subject', 'date', 'message-id']
    const fields = header.split(/\r\n(?![ \t])/)
    const signed = names.map(name => fields.find(field => field.toLowerCase().startsWith(`${name}:`)) ?? '').map(field => `${canonicalField(field, 'relaxed')}\r\n`).join('')
    const own = `DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=${domain}; s=${selector}; h=${names.join(':')}; bh=${body.of(wanted)?.digest ?? ''}; b=`
    // Ed25519 signs the SHA-256 digest (RFC 8463 §3)
    const digest = createHash('sha256').update(`${signed}${canonicalField(own, 'relaxed')}`, 'latin1').digest()
    return `${own}${sign(null, digest, this.#key).toString('base64')}\r\n`
  }
}
