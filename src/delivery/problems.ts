/** What the owner of a route should know of a message that came, from what its way left in it. */
import { dkimResult, type Hop } from '../evaluate/message.ts'
import { specialPurposeBlock } from '../syntax/special-purpose.ts'
import type { Reading } from './reading.ts'
import type { Problem } from './result.ts'

export function problemsOf({ verdict, receiver, cameIn }: Reading): Problem[] {
  const { dkim, spf, dmarc, hops } = verdict
  const problems: Problem[] = []
  const failed = dkim.find(({ result }) => result === 'fail' || result === 'permerror')
  if (failed && dkimResult(dkim) !== 'pass') {
    problems.push({
      code: 'dkim-failed', severity: 'error', text: `the DKIM signature of ${failed.domain ?? 'nobody'} (selector ${failed.selector ?? 'none'}) does not verify: ${failed.why}`,
      remedy: 'Publish the key that signs, and let nothing change the message after it is signed. mailcheck message tells more of a message that was saved.',
    })
  }
  if (dkim.length === 0 && cameIn) {
    problems.push({ code: 'not-signed', severity: 'warning', text: 'the message bears no DKIM signature', remedy: 'Have the server that takes mail from your people sign it.' })
  }
  if (cameIn && spf && (spf.result === 'fail' || spf.result === 'softfail' || spf.result === 'permerror')) {
    problems.push({ code: 'spf-failed', severity: 'warning', text: `SPF of ${spf.domain} says ${spf.result} for ${verdict.client.ip ?? 'the client'}: ${spf.trace.because}`, remedy: 'Name the server that hands your mail over in the SPF record.' })
  }
  if (cameIn && dmarc.result === 'fail') {
    problems.push({ code: 'dmarc-failed', severity: 'error', text: `DMARC fails: ${dmarc.because}`, remedy: 'Let SPF or DKIM pass for the domain of From, and align with it.' })
  }
  const clear = hops.find(inClear)
  if (clear) {
    problems.push({
      code: 'hop-in-clear', severity: 'warning', text: `from ${clear.helo ?? clear.address ?? 'a client'} to ${clear.by ?? 'a server'} the message travelled without TLS`,
      remedy: 'Let the sending server use TLS wherever it is offered, and the receiving one offer it.',
    })
  }
  const theirs = receiver?.results.filter(({ method }) => method === 'dkim') ?? []
  const ours = dkimResult(dkim)
  const decided = (result: string): boolean => result === 'pass' || result === 'fail'
  if (receiver && theirs.length > 0 && theirs.every(({ result }) => decided(result)) && decided(ours) && theirs.some(({ result }) => result === 'pass') !== (ours === 'pass')) {
    problems.push({
      code: 'receiver-disagrees', severity: 'notice', text: `${receiver.server} found dkim=${theirs[0]?.result ?? 'none'}, and here the message as it lies in the mailbox gives ${ours}`,
      remedy: 'Look whether something behind the receiver changes messages, or whether its DNS answers otherwise.',
    })
  }
  return problems
}

/** Between two hosts that are not neighbours. */
function inClear({ protocol, tls, address }: Hop): boolean {
  return !tls && protocol !== null && /^(?:UTF8)?E?SMTPA?$/.test(protocol) && address !== null && specialPurposeBlock(address) === null
}
