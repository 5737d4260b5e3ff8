// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Finds a repeated key in one object; its storage is reused from object to object.
///
/// Few keys are compared with each other. More keys, or keys with escapes, go through a hash
/// table of SipHash values whose seed is random for each process, so that nobody can prepare
/// keys that collide; each key is decoded and hashed once, which keeps the cost linear.
struct JSONKeySet {
  /// Up to here comparing each with each is cheaper than hashing.
  private static let linearThreshold = 12
  /// Makes the hash unpredictable even where the environment asks Swift for predictable ones.
  private static let seed = UInt64.random(in: .min ... .max)

  private var keys: [Int] = []
  private var hashes: [Int] = []
  /// Open addressing: 0 is free, else a position in `keys` plus one.
  private var slots: [UInt32] = []
  private var decoded: [UInt8] = []

  /// The first key of the closed object `container` that repeats one before it: the index of
  /// its token, nil if all differ. Compares decoded bytes, so `"a"` is `"\u0061"` and two
  /// normal forms of a character are different.
  mutating func duplicate(
    in container: Int, tape: [JSONToken], input: Span<UInt8>
  ) -> Int? {
    let escaped = collect(container, tape)
    guard keys.count > 1 else { return nil }
    if keys.count <= JSONKeySet.linearThreshold, !escaped {
      return duplicateByComparing(tape, input)
    }
    return duplicateByHashing(tape, input)
  }

  /// Fills `keys`; says whether any of them has an escape.
  private mutating func collect(_ container: Int, _ tape: [JSONToken]) -> Bool {
    keys.removeAll(keepingCapacity: true)
    var escaped = false
    var index = container + 1
    while index + 1 < tape[container].next {
      keys.append(index)
      escaped = escaped || tape[index].flags.contains(.escaped)
      index = Int(tape[index + 1].next)
    }
    return escaped
  }

  private func duplicateByComparing(_ tape: [JSONToken], _ input: Span<UInt8>) -> Int? {
    for position in 1..<keys.count {
      let span = tape[keys[position]].span
      for earlier in 0..<position {
        let other = tape[keys[earlier]].span
        if span.count == other.count, JSONKeySet.isEqual(span, other, input) {
          return keys[position]
        }
      }
    }
    return nil
  }

  private mutating func duplicateByHashing(_ tape: [JSONToken], _ input: Span<UInt8>) -> Int? {
    var size = 32
    while size < keys.count * 2 { size *= 2 }
    slots.removeAll(keepingCapacity: true)
    slots.append(contentsOf: repeatElement(0, count: size))
    hashes.removeAll(keepingCapacity: true)
    for position in keys.indices {
      let token = tape[keys[position]]
      let hash = hash(of: token, input)
      var slot = hash & (size - 1)
      while slots[slot] != 0 {
        let earlier = Int(slots[slot]) - 1
        if hashes[earlier] == hash, isEqual(token, tape[keys[earlier]], input) {
          return keys[position]
        }
        slot = (slot + 1) & (size - 1)
      }
      slots[slot] = UInt32(truncatingIfNeeded: position + 1)
      hashes.append(hash)
    }
    return nil
  }

  private mutating func hash(of token: JSONToken, _ input: Span<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(JSONKeySet.seed)
    if token.flags.contains(.escaped) {
      decoded.removeAll(keepingCapacity: true)
      JSONEscapes.decode(input, token.content, into: &decoded)
      decoded.withUnsafeBytes { hasher.combine(bytes: $0) }
    } else {
      input.bytes.extracting(token.content).withUnsafeBytes { hasher.combine(bytes: $0) }
    }
    return hasher.finalize()
  }

  /// Rarely called: only where 64 bits of hash agree.
  private func isEqual(_ a: JSONToken, _ b: JSONToken, _ input: Span<UInt8>) -> Bool {
    var first: [UInt8] = []
    var second: [UInt8] = []
    JSONEscapes.decode(input, a.content, into: &first)
    JSONEscapes.decode(input, b.content, into: &second)
    return first == second
  }

  /// Compares two spans of the same length, quotes included.
  private static func isEqual(
    _ a: Range<Int>, _ b: Range<Int>, _ input: Span<UInt8>
  ) -> Bool {
    for index in 0..<a.count where input[a.lowerBound + index] != input[b.lowerBound + index] {
      return false
    }
    return true
  }
}
