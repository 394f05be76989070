/** JSON Schema (2020-12) of what `mailcheck settings --json` prints. */
import { services } from '../services.ts'

export const settingsSchemaName = 'mailcheck.settings/1'

const text = { type: 'string' }
const object = (properties: Readonly<Record<string, object>>): object =>
  ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false })

export function settingsSchema(): object {
  const setting = object({
    service: { enum: Object.values(services).filter(({ srv }) => srv !== undefined).map(({ name }) => name) },
    protocol: { enum: ['imap', 'pop3', 'smtp'] },
    host: { ...text, description: 'lower case A-labels, without final dot, or an IP address' },
    port: { type: 'integer', minimum: 1 },
    security: { enum: ['tls', 'starttls'], description: 'tls: from the first octet' },
    authentication: {
      type: 'array', items: { enum: ['password', 'oauth2', 'scram'] }, description: 'what the server offers inside TLS; empty when it does not say',
    },
    declared: { type: 'boolean', description: 'by the DNS, a set-up file or the configuration; else it is a customary name that answers' },
  })
  const settings = { type: 'array', items: { $ref: '#/$defs/setting' } }
  const domain = object({
    domain: { ...text, description: 'lower case A-labels, without final dot' },
    reading: { ...settings, description: 'IMAP and POP3, best first' },
    sending: { ...settings, description: 'submission, best first' },
    userName: { type: 'array', items: { enum: ['address', 'local-part'] }, description: 'the forms to try, in this order' },
    advice: { type: 'array', items: text, description: 'sentences for people: what each protocol for reading is good for here' },
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mailcheck settings',
    ...object({ schema: { const: settingsSchemaName }, domains: { type: 'array', items: domain } }),
    $defs: { setting },
  }
}
