import { describe, expect, test } from 'vitest'
import { MailLog } from '../../src/logs/mail-log.ts'
import { hiddenNames } from '../../src/logs/names.ts'
import { at, failure, hour, readText, sent, success, times } from './logs.ts'

describe('who fails to log in', () => {
  test.each<[what: string, log: string, found: readonly string[]]>([
    ['a few mistypes', times(4, i => failure(i * 9, 'joe', '192.0.2.17')) + success(60, 'joe', '192.0.2.17'), []],
    ['one source, one account', times(12, i => failure(i * 9, 'joe', '203.0.113.66')), ['brute-force warning']],
    ['one source, some accounts', times(12, i => failure(i * 9, `user${i % 3}`, '203.0.113.66')), ['brute-force warning']],
    ['one source, many accounts', times(12, i => failure(i * 9, `user${i}`, '203.0.113.66')), ['password-spraying warning']],
    ['many sources, one account', times(12, i => failure(i * 9, 'joe', `203.0.113.${i}`)), ['account-attacked warning']],
    ['slowly, but all day', times(110, i => failure(i * 600, 'joe', '203.0.113.66')), ['brute-force warning']],
    ['slowly, and rarely', times(20, i => failure(i * 3600, 'joe', '203.0.113.66')), []],
    ['one host of IPv6, from another address each time', times(12, i => failure(i * 9, `user${i}`, `2001:db8:0:7:a::${i + 1}`)), ['password-spraying warning']],
    ['twelve networks of IPv6', times(12, i => failure(i * 9, `user${i}`, `2001:db8:0:${i + 1}::1`)), []],
    ['a device with a new address of IPv6 every day', success(1, 'joe', '2001:db8:0:7::1') + times(12, i => failure(60 + i, 'joe', '2001:db8:0:7::2')) + success(200, 'joe', '2001:db8:0:7::3'), ['brute-force warning']],
    ['then in, after one account', times(12, i => failure(i * 9, 'joe', '203.0.113.66')) + success(200, 'joe', '203.0.113.66'), ['password-guessed error', 'brute-force warning']],
    ['then in, after many', times(12, i => failure(i * 9, `user${i}`, '203.0.113.66')) + success(200, 'ann', '203.0.113.66'), ['password-guessed critical', 'password-spraying warning']],
    ['a device with an old password beside one with the new one',
      success(1, 'joe', '192.0.2.17') + times(30, i => failure(60 + i * 60, 'joe', '192.0.2.17')) + success(2000, 'joe', '192.0.2.17'), ['brute-force warning']],
    ['an office behind one address', times(40, i => success(i * 10, `user${i}`, '192.0.2.17')) + times(12, i => failure(500 + i * 100, `user${i}`, '192.0.2.17')), []],
    ['a web mail service on the same host', times(40, i => failure(i * 10, `user${i}`, '127.0.0.1')), []],
  ])('%s', (_, log, found) => expect(readText(log).found).toEqual(found))

  test('the same failure, told by two programs, counts once', () => {
    const auth = (s: number) => at(s, 'dovecot', 'auth: passwd-file(joe,203.0.113.66,<s1>): Password mismatch')
    const imap = at(9, 'dovecot', 'imap-login: Disconnected: Connection closed (auth failed, 2 attempts in 9 secs): user=<joe>, method=PLAIN, rip=203.0.113.66, lip=192.0.2.1, session=<s1>')
    expect(readText(auth(1) + auth(5) + imap).log.logins.failures).toBe(2)
    const smtp = at(3, 'postfix/smtpd[1]', 'warning: unknown[203.0.113.66]: SASL PLAIN authentication failed: x')
    const { log } = readText(at(1, 'dovecot', 'auth: passwd-file(joe,203.0.113.66): Password mismatch') + smtp + smtp)
    expect(log.logins.failures).toBe(2)
    expect([...log.logins.accounts.entries()].map(([name, { failures }]) => [name, failures])).toEqual([['joe', 1]])
  })

  test('a source is the network of an IPv6 address, hidden under the same name as what comes from it', () => {
    const { log } = readText(times(3, i => failure(i, 'joe', `2001:DB8:0:7:a::${i + 1}`)) + failure(9, 'joe', 'fe80::1') + failure(10, 'joe', '::ffff:203.0.113.66'))
    const sources = [...log.logins.sources.entries()].map(([source]) => source)
    expect(sources[0]).toBe('2001:db8:0:7::/64')
    expect(sources.slice(1).every(source => !source.includes('/'))).toBe(true)
    const { address } = hiddenNames()
    expect(address('2001:db8:0:7:a::1')).toBe(address('2001:db8:0:7::/64'))
    expect(address('2001:db8:0:8::1')).not.toBe(address('2001:db8:0:7::1'))
  })

  test('a name that holds another line accuses nobody else', () => {
    const forged = 'x>, method=PLAIN, rip=192.0.2.17, lip=192.0.2.1, mpid=1, TLS, session=<zz'
    const { log } = readText(times(12, i => failure(i, forged, '203.0.113.66')))
    expect([...log.logins.sources.entries()].map(([address]) => address)).toEqual(['203.0.113.66'])
  })
})

describe('who sends all at once', () => {
  const usual = times(5, i => sent(i * hour, 'joe', 2))
  test.each<[what: string, log: string, found: readonly string[]]>([
    ['as ever', usual + sent(5 * hour, 'joe', 9), []],
    ['to many', usual + times(30, i => sent(5 * hour + i * 10, 'joe', 5)), ['sudden-sending warning']],
    ['to many who are not there', usual + times(30, i => sent(5 * hour + i * 10, 'joe', 5, i % 3 === 0 ? 'dsn=5.1.1, status=bounced (550 5.1.1 User unknown)' : undefined)), ['sudden-sending error']],
    ['from everywhere', usual + times(30, i => sent(5 * hour + i * 10, 'joe', 5, undefined, `203.0.113.${i}`)), ['sudden-sending error']],
    ['a newsletter that comes every other hour', times(4, i => times(30, k => sent(i * 2 * hour + k, 'news', 5))), []],
    ['at the beginning of the log, where there is no past', times(30, i => sent(i * 10, 'joe', 5)), []],
  ])('%s', (_, log, found) => expect(readText(log).found).toEqual(found))

  test('months later it is told again, if it is more than it ever was by then', () => {
    const day = 24 * hour
    const wave = (from: number, messages: number): string => times(messages, i => sent(from + i * 10, 'joe', 5))
    const codes = (log: string): string[] => readText(log, new Date('2027-06-01')).raised.map(({ code, count }) => `${code} ${count}`)
    expect(codes(usual + wave(5 * hour, 30))).toEqual(['sudden-sending 152'])
    expect(codes(usual + wave(5 * hour, 30) + wave(30 * day, 30))).toEqual(['sudden-sending 152'])
    expect(codes(usual + wave(5 * hour, 30) + wave(30 * day, 300))).toEqual(Array.from({ length: 2 }, () => 'sudden-sending 1500'))
  })

  test('a process of the web server', () => {
    const usualLine = at(0, 'postfix/anvil[1]', 'statistics: max cache size 1 at x')
    const log = usualLine + times(120, i => at(5 * hour + i, 'postfix/pickup[1]', `3F1A2B${1000 + i}: uid=33 from=<www-data>`) + at(5 * hour + i, 'postfix/qmgr[1]', `3F1A2B${1000 + i}: from=<www-data@example.com>, size=1, nrcpt=1 (queue active)`))
    const { log: { sending }, found } = readText(log)
    expect(found).toEqual(['sudden-sending warning'])
    expect([...sending.accounts.entries()].map(([name]) => name)).toEqual(['uid 33'])
  })
})

describe('what becomes of messages', () => {
  const delivery = (seconds: number, id: string, rest: string, pid = 7): string => at(seconds, `postfix/smtp[${pid}]`, `${id}: to=<x@example.org>, relay=mx.example.org[203.0.113.5]:25, ${rest}`)
  const ok = 'delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 Ok)'

  test('TLS is that of the connection they went over', () => {
    const tls = at(1, 'postfix/smtp[7]', 'Trusted TLS connection established to mx.example.org[203.0.113.5]:25: TLSv1.3 with cipher x')
    const { log } = readText(tls + delivery(2, 'AAAAA1', ok) + delivery(3, 'AAAAA2', `conn_use=2, ${ok}`) + delivery(4, 'AAAAA3', ok) + delivery(5, 'AAAAA4', ok, 8))
    expect(Object.fromEntries(log.deliveries.tls)).toEqual({ 'TLSv1.3': 2, null: 2 })
    expect(Object.fromEntries(readText(delivery(2, 'AAAAA1', ok)).log.deliveries.tls)).toEqual({ undefined: 1 })
  })

  test('a host whose log does not speak of TLS says nothing about it, whatever others say', () => {
    const tls = at(1, 'postfix/smtp[7]', 'Trusted TLS connection established to mx.example.org[203.0.113.5]:25: TLSv1.3 with cipher x')
    const { log } = readText(tls + delivery(2, 'AAAAA1', ok) + delivery(3, 'AAAAA2', ok, 8).replace(' mx ', ' mx2 '))
    expect(Object.fromEntries(log.deliveries.tls)).toEqual({ 'TLSv1.3': 1, undefined: 1 })
  })

  test('what stays on this machine goes to no other host', () => {
    const local = (relay: string): string => at(2, 'postfix/lmtp[7]', `AAAAA1: to=<x@example.com>, relay=${relay}, ${ok}`)
    const { log } = readText(['127.0.0.1[127.0.0.1]:24', 'localhost[::1]:24', 'mx[private/dovecot-lmtp]', 'mx[/run/lmtp]'].map(local).join(''))
    expect([log.deliveries.statuses.sent, log.deliveries.tls.size]).toEqual([4, 0])
  })

  test('a clock that was set back makes no delivery end before it began', () => {
    const [came, went] = ['2026-11-23 10:00:05 1vN2aB-000abc-1x <= a@example.com H=mx [192.0.2.7] P=esmtp S=9\n', '2026-11-23 10:00:01 1vN2aB-000abc-1x => x@example.org R=dnslookup T=smtp H=mx [203.0.113.5]\n']
    expect(readText(came + went).counted.at(-1)?.delivered?.delay).toBe(0)
  })

  test('what goes through a filter and comes back counts once', () => {
    const filtered = at(1, 'postfix/smtp[7]', 'AAAAA1: to=<x@example.org>, relay=127.0.0.1[127.0.0.1]:10024, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as AAAAA2)')
    expect(readText(filtered + delivery(2, 'AAAAA2', ok)).log.deliveries.statuses.sent).toBe(1)
  })

  test('receivers, reasons and codes', () => {
    const { log, found } = readText(times(6, i => delivery(i, `AAAAB${i}`, 'delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host x said: 550 5.7.1 Message rejected due to local policy)')))
    expect(found).toEqual(['receiver-refuses-all warning'])
    expect([...log.deliveries.codes.entries()].map(([code, { count }]) => [code, count])).toEqual([['5.7.1', 6]])
    const listed = 'delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host x said: 554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org)'
    expect(readText(delivery(1, 'AAAAB1', listed) + delivery(2, 'AAAAB2', listed)).found).toEqual(['own-address-listed warning'])
    const differently = listed.replace('blocked using zen.spamhaus.org', 'blocked using zen.spamhaus.org; Error: open resolver; https://check.spamhaus.org/returnc/pub/192.0.2.53/')
    expect(readText(delivery(1, 'AAAAB1', differently) + delivery(2, 'AAAAB2', differently)).found).toEqual([])
    const absent = 'delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host x said: 550 5.1.1 joe@example.org User not listed in the directory)'
    expect(readText(times(9, i => delivery(i, `AAAAB${i}`, absent))).found).toEqual([])
    const unknown = 'delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (550 5.1.1 User unknown)'
    expect(readText(times(9, i => delivery(i, `AAAAB${i}`, unknown))).found).toEqual([])
  })

  test('what waits for hours is told, what went since is not', () => {
    const deferred = 'delay=1, delays=0/0/0/1, dsn=4.4.1, status=deferred (connect to x: Connection timed out)'
    const later = at(6 * hour, 'postfix/anvil[1]', 'statistics: x')
    expect(readText(delivery(1, 'AAAAA1', deferred) + later).found).toEqual(['mail-waits notice'])
    expect(readText(delivery(1, 'AAAAA1', deferred) + at(hour, 'postfix/postsuper[1]', 'AAAAA1: removed') + later).found).toEqual([])
    expect(readText(delivery(1, 'AAAAA1', deferred) + delivery(hour, 'AAAAA1', ok) + at(hour, 'postfix/qmgr[1]', 'AAAAA1: removed') + later).found).toEqual([])
  })
})

describe('what is refused', () => {
  const reject = (seconds: number, address: string, said: string, from = 'a@example.net'): string =>
    at(seconds, 'postfix/smtpd[1]', `NOQUEUE: reject: RCPT from unknown[${address}]: ${said}; from=<${from}> to=<joe@example.com> proto=ESMTP helo=<x>`)
  const listed = '554 5.7.1 Service unavailable; Client host [x] blocked using dead.example.net; see x'

  test('relaying', () => {
    expect(readText(times(6, i => reject(i, '203.0.113.9', '554 5.7.1 <x@example.org>: Relay access denied'))).found).toEqual(['relay-attempts notice'])
    expect(readText(times(4, i => reject(i, '203.0.113.9', '554 5.7.1 <x@example.org>: Relay access denied'))).found).toEqual([])
  })

  test('a list that says yes to everybody', () => {
    const all = times(40, i => reject(i * 60, `203.0.113.${i}`, listed))
    expect(readText(all).found).toEqual(['list-refuses-all error'])
    const between = times(40, i => reject(i * 60, `203.0.113.${i}`, listed) + (i % 8 === 0
      ? at(i * 60, 'postfix/smtpd[1]', `AAAAA${i + 10}: client=mx[198.51.100.2]`) + at(i * 60, 'postfix/qmgr[1]', `AAAAA${i + 10}: from=<b@example.net>, size=1, nrcpt=1 (queue active)`) : ''))
    expect(readText(between).found).toEqual([])
  })

  test('a night in which nothing but spam came', () => {
    const mail = (seconds: number, i: number): string => at(seconds, 'postfix/smtpd[1]', `AAAAA${i}: client=mx[198.51.100.2]`) + at(seconds, 'postfix/qmgr[1]', `AAAAA${i}: from=<b@example.net>, size=1, nrcpt=1 (queue active)`)
    const night = (from: number, clients: number): string => times(clients, i => reject(from + i * 600, `203.0.113.${i}`, listed))
    expect(readText(night(0, 25)).found).toEqual([])
    // as it was before, and three times as much
    expect(readText(night(0, 25) + mail(5 * hour, 10) + night(6 * hour, 60)).found).toEqual([])
    expect(readText(night(0, 25) + mail(5 * hour, 10) + night(6 * hour, 80)).found).toEqual(['list-refuses-all error'])
  })

  test('who was told to come back, and did', () => {
    const grey = reject(10, '198.51.100.30', '450 4.2.0 <joe@example.com>: Recipient address rejected: Greylisted, see x', 'new@example.net')
    const back = at(400, 'postfix/smtpd[1]', 'AAAAA1: client=x[198.51.100.31]') + at(400, 'postfix/qmgr[1]', 'AAAAA1: from=<new@example.net>, size=1, nrcpt=1 (queue active)')
    expect(readText(grey + grey + back).log.refusals.greylisting).toMatchObject({ refused: 2, messages: 1, returned: 1 })
  })

  test('Exim writes it into two files, and it counts once', () => {
    const line = '2026-11-23 10:00:05 +0000 H=(x) [192.0.2.66]:4000 F=<a@b.example> rejected RCPT <ann@example.org>: relay not permitted'
    const log = new MailLog()
    const entry = { time: 1, host: '', program: 'exim', pid: '', text: line.slice(26), line: 1 }
    for (const file of ['mainlog', 'mainlog', 'rejectlog']) log.add({ ...entry, file })
    expect(log.refusals.total).toBe(2)
  })
})

test('a fault of the server is told', () => {
  expect(readText(at(1, 'postfix/smtpd[1]', 'fatal: no SASL authentication mechanisms')).found).toEqual(['server-trouble error'])
  expect(readText(at(1, 'postfix/smtpd[1]', 'warning: x[192.0.2.1]: SASL PLAIN authentication failed: Connection lost to authentication server')).found).toEqual(['server-trouble warning'])
})

describe('what is told when it comes up', () => {
  const guessing = (from: number): string => times(12, i => failure(from + i * 9, 'joe', '203.0.113.66'))
  const told = (log: string): string[] => readText(log, new Date('2027-06-01')).raised.map(({ code, severity }) => `${code} ${severity}`)

  test('once while it goes on, and again after a day without it', () => {
    expect(told(guessing(0) + guessing(hour) + guessing(20 * hour))).toEqual(['brute-force warning'])
    expect(told(guessing(0) + guessing(60 * hour))).toEqual(['brute-force warning', 'brute-force warning'])
  })

  test('and when it turns out to be graver', () => {
    const refused = (seconds: number, domain: string): string =>
      at(seconds, 'postfix/smtp[1]', `AAAAB${seconds}: to=<x@${domain}>, relay=mx[203.0.113.5]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host x said: 554 5.7.1 blocked using zen.spamhaus.org)`)
    expect(told(refused(1, 'example.org') + refused(2, 'example.org') + refused(3, 'example.org'))).toEqual(['own-address-listed warning'])
    // the same one, twice
    expect(told(refused(1, 'example.org') + refused(2, 'example.org') + refused(3, 'example.net') + refused(4, 'example.net'))).toEqual(['own-address-listed error', 'own-address-listed error'])
  })

  test('a thousand strangers do not make it forgotten', () => {
    const guessed = guessing(0) + success(200, 'joe', '203.0.113.66')
    const log = guessed + times(1100, i => times(6, k => at(300 + i, 'postfix/smtpd[1]', `NOQUEUE: reject: RCPT from unknown[198.18.${i >> 8}.${i & 255}]: 554 5.7.1 <x${k}@example.org>: Relay access denied; from=<a@b.example> to=<x@example.org> proto=ESMTP helo=<x>`)))
    const { found, log: { forgotten } } = readText(log)
    expect(found.slice(0, 2)).toEqual(['password-guessed error', 'brute-force warning'])
    expect([found.length, forgotten]).toEqual([1002, 100])
  })
})

test('unknown lines are counted', () => {
  const { log } = readText(`${at(1, 'postfix/smtpd[1]', 'nobody knows')}no head at all\n${at(1, 'CRON[1]', 'x')}${'x'.repeat(100_000)}\n`)
  expect(log.lines).toEqual({ postfix: { known: 0, unknown: 1 }, dovecot: { known: 0, unknown: 0 }, exim: { known: 0, unknown: 0 }, other: { known: 0, unknown: 3 } })
  expect(log.strange).toEqual({ cut: 1, headless: 2 })
})

test('however many strangers there are, so many are kept', () => {
  const log = new MailLog()
  const address = (i: number): string => `203.${i >> 16 & 255}.${i >> 8 & 255}.${i & 255}`
  for (let i = 0; i < 60_000; i++) {
    log.add({ time: i, host: 'mx', program: 'dovecot', pid: '', file: 'x', line: i, text: `imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<u${i}>, method=PLAIN, rip=${address(i)}, lip=192.0.2.1, session=<s${i}>` })
  }
  expect(log.logins.accounts.size + log.logins.sources.size).toBeLessThanOrEqual(20_000)
  expect(log.logins.failures).toBe(60_000)
  expect(log.forgotten).toBe(100_000)
})
