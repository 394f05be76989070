import { expect, test } from 'vitest'
import { loadProviders, providersOf } from '../../src/data/providers.ts'

const { checked, providers, commonSelectors } = await loadProviders()
const hostName = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)+$/
const selector = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/

test('the list is dated, and not in the future', () => {
  expect(checked).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  expect(new Date(checked).getTime()).toBeLessThanOrEqual(Date.now())
})

test('each provider once', () => {
  const names = providers.map(({ name }) => name)
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})

test.each(providers)('$name', provider => {
  expect(Object.keys(provider).filter(key => key !== 'set').toSorted()).toEqual(['mx', 'name', 'selectors', 'source', 'spf'])
  expect(provider.name).toMatch(/^\S.*\S$/)
  expect(provider.source).toMatch(/^[a-z0-9.-]+\.[a-z]+(\/\S*)?$/)
  expect(provider.mx.length + provider.spf.length).toBeGreaterThan(0)
  for (const name of [...provider.mx, ...provider.spf]) expect(name).toMatch(hostName)
  for (const name of provider.selectors) expect(name).toMatch(selector)
  expect(new Set(provider.selectors).size).toBe(provider.selectors.length)
})

test.each(providers.filter(({ set }) => set))('the set of $name: two or more, all of them asked for', ({ selectors, set }) => {
  expect(Object.keys(set ?? {}).toSorted()).toEqual(['behind', 'selectors'])
  expect(set?.selectors.length).toBeGreaterThan(1)
  expect(set?.selectors.filter(name => !selectors.includes(name))).toEqual([])
  expect(set?.behind).not.toEqual([])
  for (const name of set?.behind ?? []) expect(name).toMatch(hostName)
})

test('the common selectors', () => {
  for (const name of commonSelectors) expect(name).toMatch(selector)
  expect(new Set(commonSelectors).size).toBe(commonSelectors.length)
  expect(commonSelectors.length).toBeLessThanOrEqual(16) // each is a question to a server that never asked for it
})

const seen = (mx: string[], spf: string[]) => providersOf(providers, { mx, spf }).map(({ name, because }) => `${name}: ${because}`)

test('a provider is seen by the host, or what lies below an entry, never by a likeness', () => {
  expect(seen(['alt1.aspmx.l.google.com'], [])).toEqual(['Google Workspace: MX alt1.aspmx.l.google.com'])
  expect(seen(['example-com.mail.protection.outlook.com'], ['spf.protection.outlook.com', 'sendgrid.net']))
    .toEqual(['Microsoft 365: MX example-com.mail.protection.outlook.com', 'SendGrid: SPF sendgrid.net'])
  expect(seen([], ['u123.wl.sendgrid.net'])).toEqual(['SendGrid: SPF u123.wl.sendgrid.net'])
  expect(seen(['mx.notgoogle.com', 'google.com.example.net'], ['spf.google.com'])).toEqual([])
})
