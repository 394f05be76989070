/** The servers of fixtures/hostile, read and insisted upon: each says what it does, why that matters, and what is to be learnt of it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { worldShape } from '../../src/lab/definition.ts'
import { packageRoot } from '../../src/package.ts'
import { services, type ServiceName } from '../../src/services.ts'
import { parseScript } from './script.ts'

const tlsVersion = z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'])
const serviceName = z.string().refine((name): name is ServiceName => Object.hasOwn(services, name), 'must be a service of src/services.ts')

const shape = z.strictObject({
  about: z.string().min(10),
  why: z.string().min(10),
  service: serviceName,
  /** As worlds write them, and more of it. */
  certificate: z.record(z.string(), z.unknown()).default({}).transform(it => worldShape.parse({ certificates: { it } }).certificates['it']),
  odd: z.strictObject({
    /** So many names more. */
    names: z.int().optional(),
    /** So many certificates in all, for what is served is served over again. */
    chain: z.int().optional(),
    /** Octets of the leaf to be changed after signing, in hexadecimal. */
    replace: z.record(z.string(), z.string()).optional(),
    /** In its validity stand no dates. */
    dates: z.literal('broken').optional(),
    /** Octets in place of the certificate, in hexadecimal. */
    garbage: z.hex().optional(),
    /** In place of the certificate: so many lists, one inside the other. */
    nested: z.int().optional(),
  }).default({}),
  tls: z.strictObject({
    from: tlsVersion.default('TLSv1'), to: tlsVersion.default('TLSv1.3'), ciphers: z.string().optional(), asksForCertificate: z.boolean().default(false),
  }).prefault({}),
  script: z.string().transform((text, context) => {
    try {
      return parseScript(text)
    } catch (error) {
      context.addIssue((error as Error).message)
      return z.NEVER
    }
  }),
  /** What is learnt, and no more than that: see summary.ts. */
  facts: z.record(z.string(), z.unknown()),
  /** Checks that must fail for the domain that has this server. */
  fails: z.array(z.string()).default([]),
})

export type HostileServer = z.output<typeof shape> & { readonly name: string }

export const folder = join(packageRoot(), 'fixtures/hostile')

export function readCorpus(): HostileServer[] {
  return readdirSync(folder).filter(file => file.endsWith('.yaml')).toSorted().map(file => {
    const read = shape.safeParse(parse(readFileSync(join(folder, file), 'utf8')))
    if (!read.success) throw new Error(`${file}: ${z.prettifyError(read.error)}`)
    return { ...read.data, name: file.replace(/\.yaml$/, '') }
  })
}
