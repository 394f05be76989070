import { expect, test } from 'vitest'
import { deferralReason } from '../../src/delivery/deferral.ts'

test.each([
  ['451 4.7.1 Greylisted, please try again later', 'greylisted'],
  ['450 4.2.0 <ben@post.example>: Recipient address rejected: Greylisting in effect, please come back later', 'greylisted'],
  ['451 4.7.1 Graylist: try later', 'greylisted'],
  ['450 4.7.1 Error: too much mail from 192.0.2.1', 'rate-limited'],
  ['452 4.5.3 Error: too many recipients', 'rate-limited'],
  ['451 4.7.0 Sending limit exceeded, wait an hour', 'rate-limited'],
  ['450 4.3.2 Please come back in 5 minutes', 'rate-limited'],
  ['421 4.7.0 Try again later, closing connection', 'rate-limited'],
  ['421 4.3.2 Service not available', 'rate-limited'],
  ['450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages', 'rate-limited'],
  ['450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]', 'client-rejected'],
  ['452 4.4.5 Insufficient disk space; try again later', null],
  ['452 4.2.2 Mailbox full, try again later', null],
  ['452 Requested action not taken', null],
  ['451 Temporary local problem - please try later', null],
  ['451 4.7.1 Service unavailable - try again later', null],
  ['451 4.7.0 Temporary server error. Please try again later. PRX5', null],
  ['451 4.3.0 Temporary System Problem. Try again later', null],
  ['451 4.3.0 Temporary lookup failure', null],
  ['451 qq temporary problem (#4.3.0)', null],
  ['450 4.1.1 <ben@post.example>: Recipient address rejected: unverified address', null],
])('%s', (line, reason) => expect(deferralReason([line])).toBe(reason))
