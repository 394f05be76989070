/** A registry for tests of registrations: IANA's file leads to it, and it answers for example.com. */
import type { WorldDefinition } from '../../world.ts'

export const zone = 'data.iana.org A 9.9.9.1\nrdap.registry.example A 9.9.9.2\nelsewhere.example A 9.9.9.3'
export const bootstrapUrl = 'https://data.iana.org/rdap/dns.json'
export const bootstrap = JSON.stringify({ version: '1.0', services: [[['net'], ['https://rdap.other.example/']], [['com'], ['http://rdap.registry.example/v1/', 'https://rdap.registry.example/v1']]] })
export const url = 'https://rdap.registry.example/v1/domain/example.com'

/** What a registry answers. */
export function domainObject(members: object = {}): string {
  return JSON.stringify({
    objectClassName: 'domain', ldhName: 'EXAMPLE.COM', status: ['client transfer prohibited'],
    entities: [
      { objectClassName: 'entity', roles: ['abuse'], vcardArray: ['vcard', [['fn', {}, 'text', 'Abuse Desk']]] },
      { objectClassName: 'entity', roles: ['registrar'], vcardArray: ['vcard', [['version', {}, 'text', '4.0'], ['fn', {}, 'text', 'Example Registrar Ltd.']]] },
    ],
    events: [{ eventAction: 'registration', eventDate: '1995-08-14T04:00:00Z' }, { eventAction: 'expiration', eventDate: '2027-08-13T04:00:00Z' }],
    ...members,
  })
}

export function ends(...dates: readonly unknown[]): string {
  return domainObject({ events: dates.map(eventDate => ({ eventAction: 'expiration', eventDate })) })
}

/** A world in which the registry gives this answer, permitted to be asked. */
export function registry(answer: string, more: WorldDefinition['pages'] = {}): WorldDefinition & { scope: { permissions: Set<'thirdParties'> } } {
  return { zone, pages: { [bootstrapUrl]: bootstrap, [url]: answer, ...more }, scope: { permissions: new Set(['thirdParties'] as const) } }
}
