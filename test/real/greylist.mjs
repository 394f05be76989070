// A policy service for Postfix (SMTPD_POLICY_README): whoever writes to shy@ is put off the first time.
import { createServer } from 'node:net'

const seen = new Set()
createServer(socket => {
  let text = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', chunk => {
    text += chunk.toString('latin1')
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const recipient = /^recipient=(.*)$/m.exec(text.slice(0, end))?.[1] ?? ''
      text = text.slice(end + 2)
      const first = recipient.startsWith('shy@') && !seen.has(recipient)
      seen.add(recipient)
      socket.write(`action=${first ? '451 4.7.1 Greylisted, please come back' : 'dunno'}\n\n`)
    }
  })
}).listen(10023, '127.0.0.1')
