import type { ProbeContext } from './index.ts'

export interface SpfFacts { readonly todo: string }
export declare function probeSpf(context: ProbeContext): Promise<SpfFacts>
