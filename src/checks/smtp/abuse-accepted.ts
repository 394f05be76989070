import { defineCheck } from '../define.ts'
import { roleAddress } from '../role-address.ts'

export default defineCheck({
  id: 'smtp/abuse-accepted',
  title: 'Mail to abuse@ is taken: people can report misuse',
  severity: 'notice',
  question: 'receive',
  rfc: ['RFC 2142 §4'],
  ...roleAddress('abuse'),
  messages: {
    failed: '{host} refuses abuse@{domain}: "{reply}"',
  },
  explain: `Who receives spam or fraud in your name writes to abuse. Where nobody hears that, the block lists are what hears it next.`,
  remedy: (_held, _facts, _args, { domain }) => ({
    text: `Create the mailbox or alias abuse@${domain}, let somebody read it, and take it from everybody.`,
  }),
})
