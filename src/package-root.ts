/** The folder of package.json: two above a built file of this folder, one above its source. */
export const packageRoot: URL = new URL(import.meta.url.endsWith('.ts') ? '../' : '../../', import.meta.url)
