/** As much of JSON Schema 2020-12 as our schemas use; any other keyword is an error, so that nothing goes unread. */
type Schema = Readonly<Record<string, unknown>>

const annotations = new Set(['$schema', '$defs', 'title', 'description', 'format', 'default', '$id'])

/** Every place at which `value` is not what `schema` allows; empty when it is. */
export function violations(value: unknown, schema: Schema, root: Schema = schema, at = '$'): string[] {
  const within = (inner: unknown, part: unknown, where = at) => violations(inner, part as Schema, root, where)
  const holds = (part: unknown) => within(value, part).length === 0
  const fields = isObject(value) ? value : undefined
  return Object.entries(schema).flatMap(([keyword, rule]): string[] => {
    if (annotations.has(keyword)) return []
    switch (keyword) {
      case '$ref':
        return within(value, String(rule).split('/').slice(1).reduce<unknown>((node, key) => (node as Schema)[key], root))
      case 'type':
        return [rule].flat().some(type => isOf(value, String(type))) ? [] : [`${at}: not ${String(rule)}`]
      case 'const':
        return value === rule ? [] : [`${at}: not ${String(rule)}`]
      case 'enum':
        return (rule as unknown[]).includes(value) ? [] : [`${at}: none of ${String(rule)}`]
      case 'minimum':
        return typeof value !== 'number' || value >= Number(rule) ? [] : [`${at}: below ${String(rule)}`]
      case 'pattern':
        return typeof value !== 'string' || new RegExp(String(rule), 'u').test(value) ? [] : [`${at}: not like ${String(rule)}`]
      case 'minLength':
        return typeof value !== 'string' || value.length >= Number(rule) ? [] : [`${at}: too short`]
      case 'anyOf':
        return (rule as unknown[]).some(holds) ? [] : [`${at}: matches no alternative`]
      case 'allOf':
        return (rule as unknown[]).flatMap(part => within(value, part))
      case 'if':
        return holds(rule) && schema['then'] !== undefined ? within(value, schema['then']) : []
      case 'then':
        return []
      case 'items':
        return Array.isArray(value) ? value.flatMap((item, i) => within(item, rule, `${at}[${i}]`)) : []
      case 'required':
        return fields ? (rule as string[]).filter(name => !(name in fields)).map(name => `${at}: lacks ${name}`) : []
      case 'properties':
        return fields ? Object.entries(rule as Schema).flatMap(([name, part]) => (name in fields ? within(fields[name], part, `${at}.${name}`) : [])) : []
      case 'propertyNames':
        return fields ? Object.keys(fields).flatMap(name => within(name, rule, `${at}.${name}`)) : []
      case 'additionalProperties': {
        if (!fields) return []
        const known = Object.keys((schema['properties'] ?? {}))
        const others = Object.keys(fields).filter(name => !known.includes(name))
        return rule === false ? others.map(name => `${at}: unknown ${name}`) : others.flatMap(name => within(fields[name], rule, `${at}.${name}`))
      }
      default:
        throw new Error(`this validator does not know "${keyword}"`)
    }
  })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isOf(value: unknown, type: string): boolean {
  switch (type) {
    case 'object': return isObject(value)
    case 'array': return Array.isArray(value)
    case 'null': return value === null
    case 'integer': return Number.isInteger(value)
    default: return typeof value === type
  }
}
