/** The prices that count, for people: the settings' own first, then the built-in table. */
import {
  FREE,
  FREE_PROVIDERS,
  type OwnPrices,
  ownPriceOf,
  PRICES,
  PRICES_AS_OF,
  PRICES_SOURCE,
  type Price,
} from './prices.ts'

export interface ListedPrice extends Price {
  readonly provider: string
  /** `*` for all of a provider's. */
  readonly model: string
  /** Whether the settings told it. */
  readonly isOwn: boolean
  readonly asOf: string
  readonly source: string
}

/** By provider and model; a price of the settings stands in the place of the built-in one. */
export function priceList(own: OwnPrices): ListedPrice[] {
  const listed = new Map<string, ListedPrice>()
  for (const provider of FREE_PROVIDERS)
    put(listed, { ...FREE, provider, model: '*', isOwn: false, asOf: PRICES_AS_OF, source: 'sends no bill' })
  for (const [provider, models] of Object.entries(PRICES)) {
    for (const [model, price] of Object.entries(models))
      put(listed, { ...price, provider, model, isOwn: false, asOf: PRICES_AS_OF, source: PRICES_SOURCE })
  }
  for (const [reference, { asOf = 'not told', source = 'settings' }] of Object.entries(own)) {
    const slash = reference.indexOf('/')
    const [provider, model] = [reference.slice(0, slash), reference.slice(slash + 1)]
    const price = ownPriceOf(own, provider, model)
    if (price !== null) put(listed, { ...price, provider, model, isOwn: true, asOf, source })
  }
  return [...listed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, price]) => price)
}

const put = (listed: Map<string, ListedPrice>, price: ListedPrice): void =>
  void listed.set(`${price.provider}\0${price.model}`, price)
