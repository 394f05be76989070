import type { DmarcLookup } from '../../evaluate/dmarc-walk.ts'
import type { DmarcFacts, DmarcPlaces } from '../../probes/dmarc.ts'
import { isDmarc, nearDmarc, type NearDmarc } from '../../syntax/dmarc.ts'
import { joinedText, type DnsRecord } from '../../syntax/record.ts'
import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { byWalk } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'

export default defineCheck({
  id: 'dmarc/record-recognised',
  title: 'What is meant as a DMARC policy is recognised as one',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 9989 §4.7', 'RFC 9989 §4.8', 'RFC 9989 §4.10.1'],
  needs: ['dmarc', 'dmarcPlaces'],
  judge({ name: domain }, { dmarc, dmarcPlaces }) {
    const discovery = byWalk(dmarc)
    if (discovery.found === 'one') return skip('a DMARC policy is found')
    const [first, ...others] = nearMisses(dmarc, dmarcPlaces)
    if (first) {
      const { published, code } = first
      const args = { record: shown(published), name: published.name, count: 1 + others.length }
      const evidence = [first, ...others].map(miss => recordSeen(miss.published))
      return code === 'misplaced' ? fail(code, { ...args, right: `_dmarc.${domain}` }, ...evidence) : fail(code, args, ...evidence)
    }
    if (discovery.found === 'unknown') return unknownBecause(discovery.problem)
    const failed = dmarcPlaces.places.map(({ answer }) => answer).find(answer => 'problem' in answer)
    return failed && 'problem' in failed ? unknownBecause(failed.problem) : pass
  },
  messages: {
    failed: '"{record}" at {name} has no effect: a policy begins with v=DMARC1;',
    'version-case': '"{record}" at {name} has no effect: DMARC1 is written in capital letters',
    'version-late': '"{record}" at {name} has no effect: v=DMARC1 comes before every other tag',
    misplaced: '"{record}" at {name} has no effect: receivers ask for {right}',
  },
  explain: `Receivers look at one name for records that begin exactly as the standard says, and pass over everything else. The
    policy looks as if it were published, and the domain is as unprotected as without it.`,
  remedy({ name: domain }, { dmarc, dmarcPlaces }) {
    const [first] = nearMisses(dmarc, dmarcPlaces)
    if (!first) return { text: `Publish at _dmarc.${domain} a record that begins with v=DMARC1;` }
    const { published, name, near } = first
    const text = joinedText(published)
    const mended = near === null ? text : mend(text, near)
    return {
      text: `Publish the policy at ${name}, beginning with v=DMARC1;`,
      records: { ...mended === null ? {} : { set: [txtLine(name, mended)] }, remove: [txtLine(published.name, text)] },
    }
  },
})

interface NearMiss {
  readonly published: DnsRecord<'TXT'>
  /** Where it belongs. */
  readonly name: string
  /** What is wrong with its text; null when it would do in the right place. */
  readonly near: NearDmarc | null
  readonly code: 'failed' | 'version-case' | 'version-late' | 'misplaced'
}

/** Those at the right names first. */
function nearMisses({ asked, organizationalDomain, domain }: DmarcFacts, { places }: DmarcPlaces): NearMiss[] {
  // Above the organizational domain is somebody else's.
  const own = asked.filter(lookup => lookup.domain === organizationalDomain || lookup.domain.endsWith(`.${organizationalDomain}`))
  return [
    ...own.flatMap(({ name, answer }) => textsOf(answer).flatMap(published => {
      const near = nearDmarc(joinedText(published))
      return near ? [{ published, name, near, code: near === 'version-wrong' ? 'failed' : near } as const] : []
    })),
    ...places.flatMap(({ answer }) => textsOf(answer).flatMap(published => {
      const text = joinedText(published)
      const near = nearDmarc(text)
      return near || isDmarc(text) ? [{ published, name: `_dmarc.${domain}`, near, code: 'misplaced' } as const] : []
    })),
  ]
}

function textsOf(answer: DmarcLookup['answer']): readonly DnsRecord<'TXT'>[] {
  return 'value' in answer ? answer.value.records : []
}

function mend(text: string, near: NearDmarc): string | null {
  if (near === 'version-case') return text.replace(/^[^;]*/, 'v=DMARC1')
  const tags = text.split(';').map(tag => tag.trim()).filter(tag => tag !== '' && !/^["'\\\s]*v?\s*[=:]?\s*DMARC\s*\d*["'\\\s]*$/i.test(tag))
  return tags.some(tag => /^(?:sp|np|p)\s*=\s*(?:none|quarantine|reject)$/i.test(tag)) ? ['v=DMARC1', ...tags].join('; ') : null
}

function shown(published: DnsRecord<'TXT'>): string {
  const text = joinedText(published)
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}
