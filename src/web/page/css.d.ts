/** Style sheets are bundled beside the code that they belong to. */
declare module '*.css'
