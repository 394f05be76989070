/** Why a file could not be read or written, in words. */
export function fileError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return words[code ?? ''] ?? message
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory', EACCES: 'permission denied', EPERM: 'permission denied', EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is no directory', ENOSPC: 'the disk is full', EROFS: 'the file system is read-only', EEXIST: 'it is there already',
}
