/** What is answered to which request. */
import type { IncomingMessage } from 'node:http'
import { html } from '../report/markup.ts'
import { renderHtml } from '../report/html.ts'
import { reportsSchema, renderJson, stringify } from '../report/json.ts'
import { pagePolicy } from '../report/page.ts'
import { renderStatus } from '../report/status.ts'
import { harmless } from '../report/visible.ts'
import { parseDomain } from '../syntax/domain.ts'
import { exposition, expositionType } from './exposition.ts'
import type { Module } from './modules.ts'
import { probeText } from './probe-metrics.ts'
import type { Service } from './service.ts'
import type { NamedDomain } from './settings.ts'
import { discoveryGroups } from './service-discovery.ts'
import { buildInfo, checkInfo } from './static-samples.ts'
import { transcriptText } from './transcript-text.ts'

export interface Reply {
  readonly status: number
  readonly type?: string
  /** In pieces where it is long. */
  readonly body: string | AsyncIterable<string | Buffer>
  readonly headers?: Readonly<Record<string, string>>
}

export interface Routed {
  /** For the metrics: never what the request says. */
  readonly handler: string
  readonly reply: Reply
}

export interface Asked {
  readonly request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>
  readonly version: string
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal
}

const longestUrl = 2048

type Handler = (service: Service, asked: Asked, url: URL) => Reply | Promise<Reply>

const handlers: Readonly<Record<string, Handler>> = {
  '/': statusPage,
  '/metrics': metrics,
  '/probe': probe,
  '/sd': service => ({ status: 200, type: 'application/json; charset=utf-8', body: `${stringify(discoveryGroups(service), 2)}\n` }),
  '/-/healthy': () => ({ status: 200, body: 'healthy\n' }),
  '/-/ready': service => service.ready ? { status: 200, body: 'ready\n' } : { status: 503, body: 'not ready\n' },
}

export async function answer(service: Service, asked: Asked): Promise<Routed> {
  const { method = '', url: target = '' } = asked.request
  if (target.length > longestUrl) return { handler: 'other', reply: { status: 414, body: 'the request is too long\n' } }
  const url = urlOf(target)
  if (!url) return { handler: 'other', reply: { status: 400, body: 'this is no path of a request\n' } }
  const path = url.pathname
  if (path === '/-/reload') return { handler: path, reply: method === 'POST' ? await reload(service) : notAllowed('POST') }
  const handler = Object.hasOwn(handlers, path) ? handlers[path] : path.startsWith('/report/') ? report : undefined
  if (!handler) return { handler: 'other', reply: { status: 404, body: 'there is no such page\n' } }
  const name = path.startsWith('/report/') ? '/report' : path
  return { handler: name, reply: method === 'GET' || method === 'HEAD' ? await handler(service, asked, url) : notAllowed('GET, HEAD') }
}

function urlOf(target: string): URL | null {
  if (!target.startsWith('/') || target.startsWith('//')) return null
  const url = `http://service${target}`
  return URL.canParse(url) ? new URL(url) : null
}

function notAllowed(allowed: string): Reply {
  return { status: 405, body: `this is for ${allowed} alone\n`, headers: { Allow: allowed } }
}

async function reload(service: Service): Promise<Reply> {
  return await service.reload()
    ? { status: 200, body: 'the configuration was read again\n' }
    : { status: 500, body: 'the configuration cannot be read, and the old one stays in force; the log says what is wrong\n' }
}

function metrics(service: Service, { version }: Asked): Reply {
  async function * pieces(): AsyncGenerator<string | Buffer> {
    yield await service.own.text()
    if (service.mailLogs) yield await service.mailLogs.text()
    yield exposition([...checkInfo(service.checks), ...buildInfo(version), ...service.reportSamples(), ...service.deliverySamples()])
    yield * service.lines()
  }
  return { status: 200, type: expositionType, body: pieces() }
}

const htmlType = 'text/html; charset=utf-8'

function statusPage(service: Service, { version }: Asked): Reply {
  const body = renderStatus(service.statuses(), { now: service.now(), version, link: ({ domain }) => `report/${encodeURIComponent(domain)}` })
  return { status: 200, type: htmlType, body, headers: { 'Content-Security-Policy': pagePolicy } }
}

function report(service: Service, _asked: Asked, url: URL): Reply {
  const text = decoded(url.pathname.slice('/report/'.length))
  const json = text?.endsWith('.json') ?? false
  const named = text === null ? null : domainNamed(json ? text.slice(0, -'.json'.length) : text)
  if (!named || 'error' in named) return { status: 400, body: `this is no domain${named ? `: ${harmless(named.error)}` : ''}\n` }
  const found = service.report(named.domain)
  if (found === undefined) return { status: 404, body: `${named.domain} is not checked here\n` }
  if (found === null) return { status: 503, body: `${named.domain} has not been checked yet\n`, headers: { 'Retry-After': '10' } }
  if (json) return { status: 200, type: 'application/json; charset=utf-8', body: renderJson([found]) }
  const body = renderHtml(found, { checks: service.checks, before: html`<p><a href="../">all domains</a> · <a href="${encodeURIComponent(found.domain)}.json">JSON</a></p>` })
  return { status: 200, type: htmlType, body, headers: { 'Content-Security-Policy': pagePolicy } }
}

/** Milliseconds kept back, so that the answer is there before the scraper gives up. */
const margin = 500
const shortestProbe = 100

async function probe(service: Service, { request }: Asked, url: URL): Promise<Reply> {
  const target = url.searchParams.get('target')
  if (target === null || target === '') return { status: 400, body: 'name a domain: /probe?target=example.com\n' }
  const named = domainNamed(target)
  if ('error' in named) return { status: 400, body: `${harmless(named.error)}\n` }
  const modules = service.targets.modules()
  const module = moduleNamed(modules, url.searchParams.get('module'))
  if (!module) return { status: 400, body: `there is no such module; there are: ${modules.map(({ name }) => name).join(', ')}\n` }
  if (!service.allowUnlisted && !service.targets.name(named.domain)) {
    return { status: 403, body: `${named.domain} is not configured, and serve.allowUnlisted is not set\n` }
  }
  const deadline = deadlineOf(request.headers['x-prometheus-scrape-timeout-seconds'])
  if (deadline === null) return { status: 400, body: 'X-Prometheus-Scrape-Timeout-Seconds is no number of seconds\n' }
  const probed = await service.probe(named, module, deadline)
  if (!probed) return { status: 503, body: 'too many probes are under way\n', headers: { 'Retry-After': '10' } }
  const { samples, report: of, success, seconds } = probed
  const text = await probeText(samples, { success, seconds })
  if (url.searchParams.get('debug') !== 'true') return { status: 200, type: expositionType, body: text }
  const debug = of === null ? 'no run has ended\n' : `${transcriptText(of)}\nReport (${reportsSchema}):\n${renderJson([of])}`
  return { status: 200, body: `Metrics:\n${text}\n${debug}` }
}

function moduleNamed(modules: readonly Module[], name: string | null): Module | undefined {
  return name === null ? modules[0] : modules.find(module => module.name === name)
}

/** Milliseconds; null for what is no number. Without a word of the scraper, a minute. */
function deadlineOf(header: string | string[] | undefined): number | null {
  if (header === undefined) return 60_000
  const seconds = typeof header === 'string' && /^\d{1,6}(?:\.\d{1,9})?$/.test(header) ? Number(header) : NaN
  return seconds > 0 ? Math.max(shortestProbe, Math.min(seconds * 1000, 300_000) - margin) : null
}

function domainNamed(text: string): NamedDomain | { readonly error: string } {
  const parsed = parseDomain(text)
  if ('error' in parsed) return parsed
  return 'note' in parsed ? { error: `${JSON.stringify(text)} is no domain` } : parsed
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
