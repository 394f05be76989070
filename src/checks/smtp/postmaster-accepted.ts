import { defineCheck } from '../define.ts'
import { roleAddress } from '../role-address.ts'

export default defineCheck({
  id: 'smtp/postmaster-accepted',
  title: 'Mail to postmaster@ is taken: people can report faults of the mail system',
  severity: 'warning',
  question: 'receive',
  rfc: ['RFC 5321 §4.5.1', 'RFC 2142 §5'],
  ...roleAddress('postmaster'),
  messages: {
    failed: '{host} refuses postmaster@{domain}: "{reply}"',
  },
  explain: `Whoever has trouble with your mail writes to postmaster: other postmasters, and services that decide what they think of your
    domain. The address is the one that every domain must have.`,
  remedy: (_held, _facts, _args, { domain }) => ({
    text: `Create the mailbox or alias postmaster@${domain}, let somebody read it, and take it from everybody.`,
  }),
})
