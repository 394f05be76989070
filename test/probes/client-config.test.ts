import { describe, expect, it } from 'vitest'
import { probeClientConfig, type ClientConfigFacts } from '../../src/probes/client-config.ts'
import { probeServices } from '../../src/probes/services.ts'
import type { Scope } from '../../src/scope.ts'
import { autoconfig, autoconfigUrl, autodiscoverUrl, clearUrl, hosts, wellKnownUrl } from '../checks/client-config/set-up.ts'
import { imaps } from '../checks/transcripts.ts'
import { createWorld, type WorldDefinition } from '../world.ts'
import { contextFor, observed } from './context.ts'

const file = autoconfig(['imap mail.example.com 993 SSL', 'smtp mail.example.com 465 SSL'])
const withoutAddresses = (page: string): string => page.split(' ').slice(0, 2).join(' ')

async function asked(definition: WorldDefinition): Promise<{ facts: ClientConfigFacts; pages: string[] }> {
  const { network, pages } = observed(await createWorld(definition))
  return { facts: await probeClientConfig(contextFor(network)), pages: pages.map(withoutAddresses) }
}

describe('what a domain publishes for mail programs', () => {
  it('is asked for where it may be, and no further than it must', async () => {
    const answer = '<Autodiscover><Response/></Autodiscover>'
    const { pages } = await asked({ zone: hosts, pages: { [autoconfigUrl]: file, [autodiscoverUrl]: answer } })
    expect(pages.toSorted()).toEqual([
      `GET ${autoconfigUrl}`, `GET ${wellKnownUrl}`, 'GET https://example.com/.well-known/jmap',
      `POST ${autodiscoverUrl}`, 'POST https://example.com/autodiscover/autodiscover.xml',
    ].toSorted())
  })

  it('is looked for elsewhere where it is not', async () => {
    const { pages } = await asked({ zone: `${hosts.replace('10 mx.example.com', '10 mx.eu.provider.example')}\nautoconfig.provider.example A 192.0.2.91` })
    const query = '?emailaddress=postmaster%40example.com'
    expect(pages).toEqual(expect.arrayContaining([
      `GET https://autoconfig.example.com/.well-known/mail-v1.xml${query}`, `GET ${clearUrl}`, 'GET http://autodiscover.example.com/autodiscover/autodiscover.xml',
      `GET https://autoconfig.provider.example/.well-known/mail-v1.xml${query}`, `GET https://autoconfig.provider.example/mail/config-v1.1.xml${query}`,
    ]))
    expect(pages.filter(page => page.includes('eu.provider')), 'a host that does not exist is not asked').toEqual([])
  })

  it('is asked of nobody where no mail is taken, and of no web site that nobody calls a mail domain', async () => {
    expect(await asked({ zone: 'example.com MX 0 .\nexample.com A 192.0.2.80\nautoconfig.example.com A 192.0.2.81' })).toMatchObject({ pages: [], facts: { asked: false } })
    expect((await asked({ zone: 'example.com A 192.0.2.80' })).pages).toEqual([])
  })

  it('leads nowhere inside, and no further than once', async () => {
    const redirect = (location: string): string => `HTTP/1.1 302 Found\nlocation: ${location}`
    const inside = 'inside.example.com A 10.0.0.1\nloop.example.com A 192.0.2.7'
    const targets = ['https://inside.example.com/', 'https://192.0.2.7/', 'https://[2001:db8::7]/', 'http://loop.example.com/', 'https://loop.example.com:8443/',
      'https://user@loop.example.com/', 'file:///etc/passwd', 'https://loop/', '//', 'https://%00/', `https://loop.example.com/${'x'.repeat(3000)}`]
    for (const target of targets) {
      const { pages } = await asked({ zone: `${hosts}\n${inside}`, pages: { [autoconfigUrl]: redirect(target) } })
      expect(pages.filter(page => !page.includes('autoconfig') && !page.includes('autodiscover') && !page.includes('jmap')), target).toEqual([])
    }
    const { pages, facts } = await asked({
      zone: `${hosts}\n${inside}`, pages: { [autoconfigUrl]: redirect('https://loop.example.com/a'), 'https://loop.example.com/a': redirect('https://loop.example.com/b'), 'https://loop.example.com/b': file },
    })
    expect(pages.filter(page => page.includes('loop'))).toEqual(['GET https://loop.example.com/a'])
    expect(facts.autoconfig[0]).toMatchObject({ file: null, page: { onward: { url: 'https://loop.example.com/a' } } })
  })

  it('is posted where the way leads to', async () => {
    const elsewhere = 'https://autodiscover.example.net/autodiscover/autodiscover.xml'
    const { pages } = await asked({
      zone: `${hosts}\nautodiscover.example.net A 192.0.2.90`,
      pages: { 'http://autodiscover.example.com/autodiscover/autodiscover.xml': `HTTP/1.1 302 Found\nlocation: ${elsewhere}`, [elsewhere]: 'HTTP/1.1 401 Unauthorized' },
    })
    expect(pages.filter(page => page.includes('/autodiscover.xml') && !page.includes('POST https://autodiscover.example.com') && !page.includes('POST https://example.com'))).toEqual(['GET http://autodiscover.example.com/autodiscover/autodiscover.xml', `POST ${elsewhere}`])
  })

  it.each(['we\\.ird.example.net', '-.example.net', '\\000.example.net', 'com', '1.2.3.4'])('outlives an MX host called %s', async name => {
    const { facts } = await asked({ zone: `example.com MX 10 ${name}\nexample.com A 192.0.2.80` })
    expect(facts.asked).toBe(true)
  })

  it('outlives a domain that makes no URL', async () => {
    const { network } = observed(await createWorld({ zone: 'example.123 MX 10 mx.example.123\nexample.123 A 192.0.2.80\nautoconfig.example.123 A 192.0.2.80' }))
    expect((await probeClientConfig(contextFor(network, { domain: 'example.123' }))).asked).toBe(true)
  })

  it('is not believed on the word of somebody else’s certificate', async () => {
    const { facts } = await asked({ zone: hosts, pages: { [autoconfigUrl]: `* tls cert=shared.example.net\n${file}` } })
    expect(facts.autoconfig[0]?.file).toBeNull()
  })
})

describe('the services', () => {
  const services = async (definition: WorldDefinition, scope: Partial<Scope> = {}): Promise<{ told: string[]; connects: string[]; notOffered: readonly string[] }> => {
    const { network, connects } = observed(await createWorld(definition))
    const context = contextFor(network, scope)
    await context.facts.get('serviceSessions')
    const { endpoints, notOffered } = await probeServices(context)
    return { told: endpoints.map(({ service, name, source }) => `${service} ${name} ${source}`), connects, notOffered }
  }
  const zone = `${hosts}\nimap.example.com A 192.0.2.6`

  it('are those that a file names, beside those that SRV names', async () => {
    const { told } = await services({
      zone: `${zone}\n_imaps._tcp.example.com SRV 0 1 993 imap.example.com`, pages: { [autoconfigUrl]: file },
    })
    expect(told).toEqual(expect.arrayContaining([
      'imaps imap.example.com[192.0.2.6]:993 srv', 'imaps mail.example.com[192.0.2.5]:993 autoconfig', 'submissions mail.example.com[192.0.2.5]:465 autoconfig',
    ]))
  })

  it('are talked to once, though they were guessed before', async () => {
    const { told, connects } = await services({ zone: hosts, pages: { [autoconfigUrl]: file }, sessions: { 'mail.example.com[192.0.2.5]:993': imaps } })
    expect(told).toContain('imaps mail.example.com[192.0.2.5]:993 autoconfig')
    expect(connects.filter(name => name.includes('[192.0.2.5]:993'))).toHaveLength(1)
  })

  it('are those of the configuration, whatever a file says', async () => {
    const { told } = await services({ zone, pages: { [autoconfigUrl]: file } }, { services: { imaps: { host: 'imap.example.com', port: 993 }, submissions: null } })
    expect(told.filter(text => /^(imaps|submissions) /.test(text))).toEqual(['imaps imap.example.com[192.0.2.6]:993 config'])
  })

  it('are offered where a file says so, though SRV denies it', async () => {
    const { told, notOffered } = await services({ zone: `${zone}\n_imaps._tcp.example.com SRV 0 0 0 .`, pages: { [autoconfigUrl]: file } })
    expect(told).toContain('imaps mail.example.com[192.0.2.5]:993 autoconfig')
    expect(notOffered).toEqual([])
  })

  it('are not asked for one protocol at the port of another', async () => {
    const { told } = await services({ zone: `${zone}\n_imaps._tcp.example.com SRV 0 1 995 imap.example.com` })
    expect(told.filter(text => text.endsWith('srv'))).toEqual([])
    expect(told).toContain('imaps imap.example.com[192.0.2.6]:993 guess')
  })
})
