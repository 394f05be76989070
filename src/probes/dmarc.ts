import type { ProbeContext } from './index.ts'

export interface DmarcFacts { readonly todo: string }
export declare function probeDmarc(context: ProbeContext): Promise<DmarcFacts>
