/** Colours for terminals: SGR sequences, or nothing. They are put on after everything foreign was made visible. */

export type Tint = 'bold' | 'dim' | 'red' | 'yellow' | 'cyan' | 'green'
export type Paint = (tint: Tint, text: string) => string

const codes: Readonly<Record<Tint, readonly [number, number]>> = {
  bold: [1, 22], dim: [2, 22], red: [31, 39], yellow: [33, 39], cyan: [36, 39], green: [32, 39],
}

export function painter(colour: boolean): Paint {
  if (!colour) return (_, text) => text
  return (tint, text) => {
    const [on, off] = codes[tint]
    return text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`
  }
}
