/** What a plan means for senders and receivers, in lines. */
import type { Page } from '../report/text.ts'
import { visible } from '../report/visible.ts'
import { wrap } from '../report/wrap.ts'
import type { AddressesChanged, PlanMeaning, SpfMeaning } from './meaning.ts'

const mostRanges = 8

export function renderMeaning({ spf, alignment, uncovered, selectors, dangling }: PlanMeaning, page: Page): string[] {
  const lines = [
    ...(spf ? renderSpf(spf, page) : []),
    ...alignment.flatMap(({ sender, before, after, because }) => item(`mail from ${sender}: ${words[before]} before, ${words[after]} after (${because})`, page)),
    ...uncovered.flatMap(({ detail }) => item(detail, page)),
    ...selectors.flatMap(({ name, change }) => item(`the DKIM key at ${name} ${change}`, page)),
    ...dangling.flatMap(({ name, type, text, target }) => item(`${name} ${type} ${text} still points at ${target}, which the plan leaves empty`, page)),
  ]
  return lines.length === 0 ? [] : [page.paint('bold', 'What it means'), ...lines]
}

const words = { 'aligned': 'DMARC passes', 'not-aligned': 'DMARC fails', 'unknown': 'DMARC cannot be told' } as const

function renderSpf({ gained, lost, doubts }: SpfMeaning, page: Page): string[] {
  const { paint } = page
  const sides = [['gained', '+', 'green', gained], ['lost', '-', 'red', lost]] as const
  return [
    ...sides.flatMap(([word, mark, tint, { ipv4, ipv6 }]) => {
      const all = [...rangesOf(ipv4), ...rangesOf(ipv6)]
      if (all.length === 0) return []
      const more = all.length > mostRanges ? [`    and ${all.length - mostRanges} more ranges`] : []
      return [
        ...item(`SPF ${word}: ${amountOf(ipv4, 'IPv4')}${all.length > 0 && ipv4.ranges.length > 0 && ipv6.ranges.length > 0 ? ', ' : ''}${amountOf(ipv6, 'IPv6')}`, page),
        ...all.slice(0, mostRanges).map(range => `    ${paint(tint, `${mark} ${range}`)}`), ...more,
      ]
    }),
    ...doubts.flatMap(doubt => item(`SPF, apart from that: ${doubt}`, page)),
  ]
}

function rangesOf({ ranges }: AddressesChanged): readonly string[] {
  return ranges
}

function amountOf({ addresses, ranges }: AddressesChanged, family: string): string {
  return ranges.length === 0 ? '' : `${addresses} ${family} ${addresses === '1' ? 'address' : 'addresses'}`
}

function item(text: string, { width }: Page): string[] {
  return wrap(visible(text), width - 4).map((line, i) => (i === 0 ? `  * ${line}` : `    ${line}`))
}
