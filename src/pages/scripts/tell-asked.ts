/// <reference lib="dom" />

/** Runs in the browser: shows why what was asked of it failed, by the name of its exception. */
export function tellAsked(error: Error): void {
  const failed = document.getElementById('asked')
  if (!failed) return
  const lines = [...failed.children] as HTMLElement[]
  const found = lines.find(({ dataset }) => dataset.error === error.name) ?? lines[0]
  for (const line of lines) line.hidden = line !== found
  failed.hidden = false
}
