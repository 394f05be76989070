/** Messages for the tables of these checks: signed or not, and come from where SPF says or not. */
import { messageIn } from '../../../src/commands/read-message.ts'
import type { Scope } from '../../../src/scope.ts'
import type { Client } from '../../../src/syntax/supplied-message.ts'
import { message, signature, signer, type SignOptions } from '../../evaluate/sign.ts'

export const key = (name: string, record = signer('rsa2048').record): string => `${name} TXT ${(record.match(/.{1,200}/g) ?? []).map(part => `"${part}"`).join(' ')}`

/** Everything in order: example.com sends from 11.25.1.7, signs as s1, and asks for rejection. */
export const zone = [
  'example.com MX 10 mx1.example.com', 'example.com TXT "v=spf1 ip4:11.25.1.7 -all"', '_dmarc.example.com TXT "v=DMARC1; p=reject"', key('s1._domainkey.example.com'),
].join('\n')

export const usual = ['From: Ann <ann@example.com>', 'To: bob@example.net', 'Subject: hello', 'Date: Mon, 23 Nov 2026 10:00:00 +0000', 'Message-ID: <1@example.com>']
const usualBody = 'Hello Bob\r\n'

export interface Mail {
  readonly fields?: readonly string[]
  readonly body?: string
  /** Null: not signed. */
  readonly sign?: SignOptions | null
  /** The body as it came. */
  readonly arrived?: string
  /** Null: no Received field. */
  readonly received?: string | null
  readonly path?: string | null
  readonly given?: Partial<Client>
  readonly bulk?: boolean
}

export const received = 'from mail.example.com (mail.example.com [11.25.1.7]) by mx.example.net with ESMTPS id 4ABC; Mon, 23 Nov 2026 10:00:05 +0000'

export function mail({ fields = usual, body = usualBody, sign = {}, arrived = body, received: stamp = received, path = 'ann@example.com', given = {}, bulk = false }: Mail = {}): { scope: Partial<Scope> } {
  const header = [
    ...path === null ? [] : [`Return-Path: <${path}>`], ...stamp === null ? [] : [`Received: ${stamp}`],
    ...sign === null ? [] : [signature(fields, body, { headers: ['from', 'to', 'subject', 'date', 'list-unsubscribe', 'list-unsubscribe-post'], ...sign })], ...fields,
  ]
  return { scope: { permissions: new Set(['message'] as const), bulk, message: { ...messageIn(message(header, arrived)), given } } }
}
