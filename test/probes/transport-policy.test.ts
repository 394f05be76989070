/** What the probes of MTA-STS, TLS-RPT, DANE, CAA and BIMI ask: what a sender would, early, once, and nothing else. */
import { describe, expect, test } from 'vitest'
import { probeBimi } from '../../src/probes/bimi.ts'
import { probeCertificateHosts } from '../../src/probes/caa.ts'
import { probeMtaSts } from '../../src/probes/mta-sts.ts'
import { probeMxTlsa } from '../../src/probes/tlsa.ts'
import { probeTlsRpt } from '../../src/probes/tls-rpt.ts'
import type { Scope } from '../../src/scope.ts'
import { createWorld, type WorldDefinition } from '../world.ts'
import { smtp } from '../checks/transcripts.ts'
import { contextFor, observed } from './context.ts'

async function world(definition: WorldDefinition, scope: Partial<Scope> = {}) {
  const { network, questions, pages } = observed(await createWorld(definition))
  return { context: contextFor(network, scope), questions, pages }
}

const policyUrl = 'https://mta-sts.example.com/.well-known/mta-sts.txt'

describe('MTA-STS', () => {
  const record = '_mta-sts.example.com TXT "v=STSv1; id=1;"\nmta-sts.example.com A 192.0.2.80\nmta-sts.example.com AAAA 2001:db8::80'

  test('the policy host’s addresses are asked for at once, the policy once it is announced, at those addresses', async () => {
    const { context, questions, pages } = await world({ zone: record, pages: { [policyUrl]: 'hello' } })
    const facts = await probeMtaSts(context)
    expect(facts.policy?.response).toMatchObject({ value: { status: 200, body: 'hello' } })
    expect(questions).toEqual(['mta-sts.example.com A', 'mta-sts.example.com AAAA', '_mta-sts.example.com TXT'])
    expect(pages).toEqual([`GET ${policyUrl} 192.0.2.80 2001:db8::80`])
  })

  test.each([
    ['no record', 'mta-sts.example.com A 192.0.2.80'],
    ['two records', `${record}\n_mta-sts.example.com TXT "v=STSv1; id=2;"`],
    ['a record that is none', record.replace('v=STSv1;', 'v=STSv1,')],
  ])('%s: nobody fetches a policy', async (_, zone) => {
    const { context, pages } = await world({ zone })
    expect((await probeMtaSts(context)).policy).toBeNull()
    expect(pages).toEqual([])
  })

  test('a policy host that is said to be this machine, or a neighbour’s, is not asked', async () => {
    for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254']) {
      const { context, pages } = await world({ zone: `_mta-sts.example.com TXT "v=STSv1; id=1;"\nmta-sts.example.com A ${address}` })
      expect((await probeMtaSts(context)).policy?.response).toBeNull()
      expect(pages).toEqual([])
    }
  })

  test('a redirect is an answer', async () => {
    const { context, pages } = await world({ zone: record, pages: { [policyUrl]: 'HTTP/1.1 301 Moved\nLocation: https://www.example.com/\n\n' } })
    expect((await probeMtaSts(context)).policy?.response).toMatchObject({ value: { status: 301, headers: { location: 'https://www.example.com/' } } })
    expect(pages.length).toBe(1)
  })
})

describe('TLSA', () => {
  test('needs no address', async () => {
    const { context, questions } = await world({ zone: 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1' })
    await probeMxTlsa(context)
    expect(questions).toEqual(['example.com MX', '_25._tcp.mx1.example.com TLSA', 'mx1.example.com A', 'mx1.example.com AAAA'])
  })

  test('of an alias: where it leads goes first; whether it is secure is asked where the end is not', async () => {
    const zone = 'example.com MX 10 mx1.example.com\nmx1.example.com CNAME real.example.net\nreal.example.net A 192.0.2.1'
    const insecure = await world({ zone })
    const [host] = await probeMxTlsa(insecure.context)
    expect(host?.lookups.map(({ base }) => base)).toEqual(['real.example.net', 'mx1.example.com'])
    expect(insecure.questions).toContain('mx1.example.com CNAME')
    const secure = await world({ zone: `; secure example.com\n; secure example.net\n${zone}` })
    expect((await probeMxTlsa(secure.context))[0]?.alias).toBeNull()
    expect(secure.questions).not.toContain('mx1.example.com CNAME')
  })
})

test('TLS-RPT: a collector’s front page is looked at, never the place where reports go', async () => {
  const zone = '_smtp._tls.example.com TXT "v=TLSRPTv1; rua=mailto:a@example.net,mailto:b@example.net,https://tls.example.net:8443/report?token=1"\ntls.example.net A 192.0.2.80'
  const { context, questions, pages } = await world({ zone })
  const { mailboxes, collectors } = await probeTlsRpt(context)
  expect(mailboxes.map(({ name }) => name)).toEqual(['example.net'])
  expect(collectors.map(({ host }) => host)).toEqual(['tls.example.net'])
  expect(questions.filter(question => question.endsWith(' MX'))).toEqual(['example.net MX'])
  expect(pages).toEqual(['GET https://tls.example.net:8443/ 192.0.2.80'])
})

test('CAA: every name once, from the hosts that show a certificate up to the top, and the root never', async () => {
  const { context, questions } = await world({
    zone: 'example.com MX 10 mx1.example.com\nexample.com MX 20 mx2.example.com\nmx1.example.com A 192.0.2.1\nmx2.example.com A 192.0.2.2',
    sessions: { 'mx1.example.com[192.0.2.1]:25': smtp },
  })
  const { hosts } = await probeCertificateHosts(context)
  expect(hosts.map(({ name, lookups }) => [name, lookups.map(lookup => lookup.name)])).toEqual([['mx1.example.com', ['mx1.example.com', 'example.com', 'com']]])
  expect(questions.filter(question => question.endsWith(' CAA')).toSorted()).toEqual(['com CAA', 'example.com CAA', 'mx1.example.com CAA', 'mx2.example.com CAA'])
})

describe('BIMI', () => {
  const names = async (zone: string, domain: string) => {
    const { context, questions, pages } = await world({ zone }, { domain })
    const { asked } = await probeBimi(context)
    return { asked: asked.map(({ name }) => name), bimi: questions.filter(question => question.includes('_bimi')), pages }
  }

  test('the organizational domain is asked where the domain has no record of its own', async () => {
    expect((await names('', 'news.example.com')).asked).toEqual(['default._bimi.news.example.com', 'default._bimi.example.com'])
    expect((await names('default._bimi.news.example.com TXT "v=BIMI1; l=; a=;"', 'news.example.com')).asked).toEqual(['default._bimi.news.example.com'])
    expect((await names('', 'example.com')).asked).toEqual(['default._bimi.example.com'])
    expect((await names('default._bimi.news.example.com TXT (timeout)', 'news.example.com')).asked).toEqual(['default._bimi.news.example.com'])
  })

  test('the logo and the certificate are fetched, and nothing that is not offered over HTTPS', async () => {
    const both = await names('default._bimi.example.com TXT "v=BIMI1; l=https://a.example.com/l.svg; a=https://a.example.com/m.pem"\na.example.com A 192.0.2.80', 'example.com')
    expect(both.pages).toEqual(['GET https://a.example.com/l.svg 192.0.2.80', 'GET https://a.example.com/m.pem 192.0.2.80'])
    expect((await names('default._bimi.example.com TXT "v=BIMI1; l=http://a.example.com/l.svg;"\na.example.com A 192.0.2.80', 'example.com')).pages).toEqual([])
  })
})
