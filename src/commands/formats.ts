/** The formats of reports by name: `--format` and `--output` know the same ones. */
export const formats = ['text', 'json', 'jsonl', 'junit', 'sarif', 'github', 'gitlab', 'markdown', 'html'] as const
export type Format = (typeof formats)[number]
