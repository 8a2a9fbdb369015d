/**
 * A vector as one bit a dimension: on which side of the mean of its field it lies there.
 *
 * Without the mean, the dimensions in which all texts of a model lean to one side would tell nothing.
 */

/** @returns the vector's own numbers, wherever SQLite has put them */
export function floatsOf(bytes: Buffer): Float32Array {
  const floats = new Float32Array(bytes.length / 4)
  for (let at = 0; at < floats.length; at += 1) floats[at] = bytes.readFloatLE(at * 4)
  return floats
}

export function bytesOf(floats: Float32Array): Buffer {
  const bytes = Buffer.alloc(floats.length * 4)
  for (let at = 0; at < floats.length; at += 1) bytes.writeFloatLE(floats[at]!, at * 4)
  return bytes
}

/** sqlite-vec wants whole bytes. */
export const bitWidth = (dimensions: number): number => Math.ceil(dimensions / 8) * 8

export function bitsOf(vector: Float32Array, mean: Float32Array): Buffer {
  const scale = 1 / lengthOf(vector)
  const bits = Buffer.alloc(bitWidth(vector.length) / 8)
  for (let at = 0; at < vector.length; at += 1)
    if (vector[at]! * scale > mean[at]!) bits[at >> 3]! |= 1 << (at & 7)
  return bits
}

/** Of the directions: each vector counts as one of length 1. */
export function meanOf(vectors: Iterable<Float32Array>, dimensions: number): Float32Array {
  const sums = new Float64Array(dimensions)
  let vectorCount = 0
  for (const vector of vectors) {
    const scale = 1 / lengthOf(vector)
    for (let at = 0; at < dimensions; at += 1) sums[at]! += vector[at]! * scale
    vectorCount += 1
  }
  return Float32Array.from(sums, (sum) => sum / Math.max(1, vectorCount))
}

/** -1 to 1. */
export function cosineOf(a: Float32Array, b: Float32Array): number {
  let product = 0
  for (let at = 0; at < a.length; at += 1) product += a[at]! * b[at]!
  return product / (lengthOf(a) * lengthOf(b))
}

const lengthOf = (vector: Float32Array): number =>
  Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
