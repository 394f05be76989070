import { describe, expect, it } from 'vitest'
import { probeServices, type ServiceFacts } from '../../src/probes/services.ts'
import type { Scope } from '../../src/scope.ts'
import { createWorld } from '../world.ts'
import { contextFor, observed } from './context.ts'

async function services(zone: string, scope: Partial<Scope> = {}): Promise<ServiceFacts> {
  return probeServices(contextFor(await createWorld({ zone }), scope))
}
const told = ({ endpoints }: ServiceFacts): string[] => endpoints.map(({ service, name, tls, source }) => `${service} ${name} ${tls} ${source}`)

describe('a declared service', () => {
  it('is where the configuration says, in place of SRV', async () => {
    const facts = await services(`
      mail.example.com A 192.0.2.3
      mail.example.com AAAA 2001:db8::3
      other.example.com A 192.0.2.4
      _imaps._tcp.example.com SRV 0 1 993 other.example.com`,
    { services: { imaps: { host: 'mail.example.com', port: 1993 }, imap: null, submission: null, submissions: null, pop3: null, pop3s: null } })
    expect(told(facts)).toEqual([
      'imaps mail.example.com[192.0.2.3]:1993 implicit config', 'imaps mail.example.com[2001:db8::3]:1993 implicit config',
    ])
    expect(facts.notOffered).toEqual(['submissions', 'submission', 'imap', 'pop3s', 'pop3'])
    const answer = facts.srv['_imaps._tcp.example.com']
    expect(answer && 'value' in answer ? answer.value.records.length : answer).toBe(1)
  })

  it('is where SRV says, with its sibling guessed beside it, and nowhere else', async () => {
    const facts = await services(`
      example.com MX 10 mx.example.com
      mx.example.com A 192.0.2.9
      imap.example.com A 192.0.2.8
      hosted.example.net A 192.0.2.3
      _imaps._tcp.example.com SRV 0 1 993 hosted.example.net
      _pop3._tcp.example.com SRV 0 0 0 .
      _pop3s._tcp.example.com SRV 0 0 0 .
      _submission._tcp.example.com SRV 0 0 0 .
      _submissions._tcp.example.com SRV 0 1 4465 hosted.example.net`)
    expect(told(facts)).toEqual([
      'submissions hosted.example.net[192.0.2.3]:4465 implicit srv',
      'imaps hosted.example.net[192.0.2.3]:993 implicit srv',
      'imap hosted.example.net[192.0.2.3]:143 starttls guess',
    ])
    expect(facts.notOffered).toEqual(['submission', 'pop3s', 'pop3'])
  })

  it('in the DNS never leads to this machine or its neighbours; in the configuration it may', async () => {
    const zone = 'mail.example.com A 10.0.0.1\nmail.example.com A 192.0.2.3\n_imaps._tcp.example.com SRV 0 1 993 mail.example.com\n_submissions._tcp.example.com SRV 0 1 465 localhost.example.com\nlocalhost.example.com A 127.0.0.1'
    const facts = await services(zone)
    expect(told(facts)).toContain('imaps mail.example.com[192.0.2.3]:993 implicit srv')
    expect(told(facts).filter(text => /127\.|10\.0/.test(text))).toEqual([])
    expect(facts.unresolved.map(({ name }) => name)).toEqual(['localhost.example.com:465'])
    const declared = await services(zone, { services: { imaps: { host: 'mail.example.com', port: 993 }, pop3s: { host: '127.0.0.1', port: 995 } } })
    expect(told(declared)).toEqual(expect.arrayContaining(['imaps mail.example.com[10.0.0.1]:993 implicit config', 'pop3s 127.0.0.1[127.0.0.1]:995 implicit config']))
  })

  it('may have several hosts, the best four of them', async () => {
    const zone = [1, 2, 3, 4, 5, 6].map(n => `_imaps._tcp.example.com SRV ${7 - n} 1 993 h${n}.example.com\nh${n}.example.com A 192.0.2.${n}`)
    const facts = await services(zone.join('\n'))
    expect(facts.endpoints.filter(({ service }) => service === 'imaps').map(({ host }) => host))
      .toEqual(['h3.example.com', 'h4.example.com', 'h5.example.com', 'h6.example.com'])
  })

  it('without address is unresolved; without an answer, the failure stands beside it', async () => {
    const facts = await services(`
      _imaps._tcp.example.com SRV 0 1 993 gone.example.com
      _submissions._tcp.example.com SRV 0 1 465 hidden.example.com
      hidden.example.com A (servfail)
      half.example.com A 192.0.2.1
      half.example.com AAAA (timeout)
      _pop3s._tcp.example.com SRV 0 1 995 half.example.com`)
    expect(facts.unresolved).toMatchObject([
      { name: 'hidden.example.com:465', service: 'submissions', source: 'srv', problem: { reason: 'dns-servfail' } },
      { name: 'gone.example.com:993', service: 'imaps', host: 'gone.example.com', port: 993, source: 'srv' },
      { name: 'half.example.com:995', service: 'pop3s', source: 'srv', problem: { reason: 'dns-timeout' } },
    ])
    expect(facts.unresolved[1]?.problem).toBeUndefined()
    expect(facts.endpoints.map(({ name }) => name)).toContain('half.example.com[192.0.2.1]:995')
  })

  it('of the other address family is no endpoint, but resolves', async () => {
    const facts = await services('_imaps._tcp.example.com SRV 0 1 993 six.example.com\nsix.example.com AAAA 2001:db8::6', { families: [4] })
    expect(told(facts)).toEqual([])
    expect(facts.unresolved).toEqual([])
  })

  it('has sixteen addresses at most', async () => {
    const addresses = Array.from({ length: 20 }, (_, i) => `many.example.com A 192.0.2.${i + 1}`)
    const facts = await services(['_imaps._tcp.example.com SRV 0 1 993 many.example.com', ...addresses].join('\n'))
    expect(facts.endpoints.filter(({ source }) => source === 'srv').length).toBe(16)
  })

  it('may be an address', async () => {
    const facts = await services('', { services: { imaps: { host: '192.0.2.3', port: 993 } } })
    expect(told(facts)[0]).toBe('imaps 192.0.2.3[192.0.2.3]:993 implicit config')
  })

  it('of SRV with port 0 is none', async () => {
    const facts = await services('_imaps._tcp.example.com SRV 0 1 0 a.example.com\na.example.com A 192.0.2.1')
    expect(told(facts)).toEqual([])
    expect(facts.notOffered).toEqual([])
  })
})

describe('a guess', () => {
  it('is a customary name, or the most preferred MX host', async () => {
    const facts = await services(`
      example.com MX 10 mx1.example.com
      example.com MX 20 mx2.example.com
      mx1.example.com A 192.0.2.1
      mx2.example.com A 192.0.2.2
      smtp.example.com A 192.0.2.3
      pop3.example.com A 192.0.2.4`)
    expect(told(facts)).toEqual([
      'submissions mx1.example.com[192.0.2.1]:465 implicit guess', 'submissions smtp.example.com[192.0.2.3]:465 implicit guess',
      'submission mx1.example.com[192.0.2.1]:587 starttls guess', 'submission smtp.example.com[192.0.2.3]:587 starttls guess',
      'imaps mx1.example.com[192.0.2.1]:993 implicit guess',
      'imap mx1.example.com[192.0.2.1]:143 starttls guess',
      'pop3s mx1.example.com[192.0.2.1]:995 implicit guess', 'pop3s pop3.example.com[192.0.2.4]:995 implicit guess',
      'pop3 mx1.example.com[192.0.2.1]:110 starttls guess', 'pop3 pop3.example.com[192.0.2.4]:110 starttls guess',
    ])
    expect(facts.unresolved).toEqual([])
  })

  it('under many names is one endpoint, under the most telling', async () => {
    const facts = await services('example.com MX 10 mx.example.com\n*.example.com A 192.0.2.1')
    expect(told(facts)).toEqual([
      'submissions smtp.example.com[192.0.2.1]:465 implicit guess', 'submission smtp.example.com[192.0.2.1]:587 starttls guess',
      'imaps imap.example.com[192.0.2.1]:993 implicit guess', 'imap imap.example.com[192.0.2.1]:143 starttls guess',
      'pop3s pop.example.com[192.0.2.1]:995 implicit guess', 'pop3 pop.example.com[192.0.2.1]:110 starttls guess',
    ])
  })

  it.each([
    ['a null MX', 'example.com MX 0 .\nexample.com A 192.0.2.1'],
    ['an implicit MX', 'example.com A 192.0.2.1'],
    ['no domain at all', ''],
    ['an MX answer that failed', 'example.com MX (servfail)\nexample.com A 192.0.2.1'],
  ])('is not made from %s', async (_, zone) => {
    expect(told(await services(zone))).toEqual([])
  })

  it('that leads to this machine or its neighbours is not followed', async () => {
    const facts = await services('imap.example.com A 127.0.0.1\nmail.example.com A 10.0.0.1\nmail.example.com AAAA fe80::1\nsmtp.example.com AAAA ::1')
    expect(told(facts)).toEqual([])
  })

  it('follows two addresses of each family at most', async () => {
    const addresses = [1, 2, 3, 4].map(n => `imap.example.com A 192.0.2.${n}\nimap.example.com AAAA 2001:db8::${n}`).join('\n')
    const facts = await services(addresses)
    expect(facts.endpoints.filter(({ service }) => service === 'imaps').map(({ address }) => address))
      .toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8::2'])
  })

  it('is still made when SRV cannot be asked, and the failure is kept', async () => {
    const facts = await services('_imaps._tcp.example.com SRV (timeout)\nimap.example.com A 192.0.2.1')
    expect(told(facts)).toContain('imaps imap.example.com[192.0.2.1]:993 implicit guess')
    expect(facts.srv['_imaps._tcp.example.com']).toMatchObject({ problem: { reason: 'dns-timeout' } })
  })

  it('takes the family that the run is bound to', async () => {
    const facts = await services('imap.example.com A 192.0.2.1\nimap.example.com AAAA 2001:db8::1', { families: [6] })
    expect(facts.endpoints.map(({ address }) => address)).toEqual(['2001:db8::1', '2001:db8::1'])
  })
})

it('asks nothing twice', async () => {
  const { network, questions } = observed(await createWorld({ zone: 'example.com MX 10 mail.example.com\nmail.example.com A 192.0.2.1' }))
  await probeServices(contextFor(network))
  expect(questions.length).toBe(new Set(questions).size)
  expect(questions.filter(question => question.endsWith(' SRV')).length, 'six services, autodiscover and JMAP').toBe(8)
})

describe('a resolver that answers nothing about the services', () => {
  const names = ['_submissions', '_submission', '_imaps', '_imap', '_pop3s', '_pop3'].map(label => `${label}._tcp.example.com SRV (servfail)`)
  const guesses = ['mail', 'imap', 'pop', 'pop3', 'smtp'].flatMap(label => [`${label}.example.com A (servfail)`, `${label}.example.com AAAA (servfail)`])

  it('leaves unknown where they are, instead of absent', async () => {
    await expect(services(['example.com MX (servfail)', ...names, ...guesses].join('\n'))).rejects.toMatchObject({ reason: 'dns-servfail' })
  })

  it('but one answer is enough to go by', async () => {
    const facts = await services(['example.com MX (servfail)', ...names, ...guesses.filter(line => !line.startsWith('mail')), 'mail.example.com A 192.0.2.3'].join('\n'))
    expect(facts.endpoints.length).toBeGreaterThan(0)
    const none = await services(['example.com MX (servfail)', ...names.slice(1), ...guesses].join('\n'))
    expect(none.endpoints).toEqual([])
  })
})
