/** Modules of the built program, so that what is measured is what people run and no loader stands between. */

/** @param path of a source file from the root of the repository; its type is that of the source */
export async function built<Module>(path: string): Promise<Module> {
  const compiled = path.replace(/\.ts$/u, '.js')
  return (await import(new URL(`../../dist/${compiled}`, import.meta.url).href)) as Module
}
