import { expect, test } from 'vitest'
import { traceLines } from '../../src/commands/trace.ts'
import { check, checks, makeScope, observed } from '../../src/index.ts'
import { parseCassette } from '../../src/network/cassette.ts'
import { replay } from '../../src/network/replay.ts'
import { renderJsonLine } from '../../src/report/json.ts'
import { renderText } from '../../src/report/text.ts'

/** An escape sequence, a control character that is one alone, a line of its own, and a line that reads backwards. */
const evil = '\\x1b[31m\\x9b2J\\x0d\\x0aPassed\\u{202e}'
const names = String.raw`\027[31m.example.com`

/** Somebody sends it in, and asks why it looks so strange. */
const recording = `mailcheck cassette 1
start 2026-11-22T10:00:00.000Z

question example.com. MX
  * NOERROR 12 ms udp 96 octets from "${evil}" ede="22:${evil}"
  example.com. 3600 IN MX 10 mx1.example.com.
  example.com. 3600 IN MX 20 ${names}.

question example.com. TXT
  * NOERROR 12 ms udp 96 octets from "${evil}"
  example.com. 3600 IN TXT "v=spf1 \\027[31m\\155 -all"

question _dmarc.example.com. TXT
  * timeout dns-timeout "${evil}" ede="22:${evil}"

question mx1.example.com. A
  * NOERROR 1 ms udp 60 octets from "${evil}"
  mx1.example.com. 3600 IN A 192.0.2.1

question mx1.example.com. AAAA
  * rcode dns-servfail "${evil}"

session mx1.example.com[192.0.2.1]:25 starttls
  * connected 3
  9 S: 220 mx1.example.com ${evil}
  C: EHLO probe.example.org
  12 S: 250-mx1.example.com
  12 S: 250-AUTH ${evil}
  12 S: 250 STARTTLS
  C: STARTTLS
  15 S: 220 go ahead ${evil}
  * injected "${evil}"
  * tls "${evil}" "${evil}" "${evil}" trusted anchor="${evil}"
  C: EHLO probe.example.org
  18 S: 550 5.7.1 ${evil}
`

test('whatever a recording holds, a terminal gets none of it as it is', async () => {
  const { cassette, errors } = parseCassette(recording)
  expect(errors).toEqual([])
  const trace: string[] = []
  const network = observed(replay(cassette), event => trace.push(...traceLines(event)))
  const scope = makeScope({ ehloName: 'probe.example.org' }, null, { domain: 'example.com', shownAs: 'example.com' })
  const report = await check(scope, { network })
  const printed = [
    ...trace, renderJsonLine(report).trimEnd(),
    ...[40, 80, 140].flatMap(width => renderText(report, { width, colour: false, checks }).split('\n')),
  ]
  expect(trace.length).toBeGreaterThan(20)
  expect(printed.filter(line => /[\x00-\x1f\x7f-\x9f\u2028-\u202e]/.test(line) || line.startsWith('Passed\\u'))).toEqual([])
})
