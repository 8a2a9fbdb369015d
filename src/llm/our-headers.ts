/**
 * What every request to a provider says of us, whatever it asks.
 *
 * @param key null sends no authorization header
 */
export const ourHeaders = (key: string | null): Record<string, string> => ({
  'user-agent': 'rff-shard',
  ...(key === null ? {} : { authorization: `Bearer ${key}` }),
})
