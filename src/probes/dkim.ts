import type { ProbeContext } from './index.ts'

export interface DkimFacts { readonly todo: string }
export declare function probeDkim(context: ProbeContext): Promise<DkimFacts>
