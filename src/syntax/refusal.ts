/**
 * A refusal in the words of a mail server: does it blame the peer (a block list, the address or reverse name it comes from),
 * or ask it to come back later? Then it says nothing about the server, and must never be held against it.
 */
import { BlockList, isIP } from 'node:net'

/** Replies are hostile: what matters stands at the beginning. */
const readable = 2048

const blame: readonly RegExp[] = [
  /\b(?:black|block|deny)[ -]?list/i,
  /\b(?:dnsbl|rbl|sbl|xbl|pbl|spamhaus|spamcop|barracuda|sorbs|uceprotect|abuseat)\b/i,
  /\breputation\b/i,
  /\b(?:ptr|rdns)\b|\breverse[ -](?:dns|lookup|host ?name|name|mapping|resolution)\b/i,
  /\b(?:your|client|connecting|remote) (?:ip|ipv[46]|host|host ?name|address|server|network|system|mta|domain)\b/i,
  /\b(?:blocked|banned|dynamic ip|dial-?up|residential)\b/i,
  /\bnot (?:allowed|permitted|authori[sz]ed) to (?:connect|talk|use|send)\b/i,
  /\b(?:access|connections?) (?:from \S+ )?(?:is |was |are )?(?:denied|refused|rejected|not (?:allowed|permitted|accepted))\b/i,
]

/** Does `text` blame whoever connects? An IP address in it does, unless it is the server's own. */
export function blamesClient(text: string, server = ''): boolean {
  const beginning = text.slice(0, readable)
  return blame.some(pattern => pattern.test(beginning)) || namesAnotherAddress(beginning, server)
}

/** Does `text` say, without a code, that it is only for now? */
export function asksToWait(text: string): boolean {
  return /\btoo (?:many|busy)\b|\b(?:try|come|connect) (?:again |back )?later\b|\b(?:rate|connection) limit|\bthrottl/i
    .test(text.slice(0, readable))
}

function namesAnotherAddress(text: string, server: string): boolean {
  const own = new BlockList()
  const family = isIP(server)
  if (family !== 0 && !server.includes('%')) own.addAddress(server, family === 6 ? 'ipv6' : 'ipv4')
  return text.split(/[\s[\](){}<>,;"'=/]+/).some(word => {
    const address = word.replace(/^ipv6:/i, '').replace(/[.:]+$/, '')
    const kind = isIP(address)
    return kind !== 0 && !address.includes('%') && !own.check(address, kind === 6 ? 'ipv6' : 'ipv4')
  })
}
