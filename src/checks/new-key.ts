/** What to do about a key that is too weak: never replace it in place, mail on its way still needs it. */
import type { Subject } from '../probes/index.ts'
import type { Remedy } from './define.ts'

export function newKey({ name }: Subject): Remedy {
  return {
    text: `Make a new 2048-bit key at a new selector and sign with it; remove ${name} a week later, when no mail that it signed is under way.`,
  }
}
