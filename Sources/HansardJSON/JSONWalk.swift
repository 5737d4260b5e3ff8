// Hansard
// SPDX-License-Identifier: Apache-2.0

/// All keys and values of a document in the order in which they begin, with what a matcher
/// needs to judge them and to rewrite nothing but their spans.
package struct JSONWalk: Sequence, Sendable {
  let storage: JSONStorage

  package struct Step: Sendable {
    /// A key (then a string) or a value.
    package let value: JSONValue
    package let isKey: Bool
    /// The key under which a value lies: of its own member or, for elements of arrays, of the
    /// closest member around them. Nil for keys, and outside any member.
    package let key: JSONValue?
  }

  package struct Iterator: IteratorProtocol {
    fileprivate let storage: JSONStorage
    fileprivate var index = 0
    /// Containers around `index`: the token behind each, and the key that holds inside it.
    private var around: [(end: Int, key: Int?)] = []

    fileprivate init(storage: JSONStorage) {
      self.storage = storage
    }

    package mutating func next() -> Step? {
      guard index < storage.tape.count else { return nil }
      while let innermost = around.last, innermost.end <= index {
        around.removeLast()
      }
      let token = storage.tape[index]
      let value = JSONValue(storage: storage, index: index)
      guard !token.flags.contains(.key) else {
        index += 1
        return Step(value: value, isKey: true, key: nil)
      }
      let key = keyAbove
      index += 1
      if token.next > index {
        around.append((Int(token.next), key))
      }
      return Step(
        value: value, isKey: false, key: key.map { JSONValue(storage: storage, index: $0) })
    }

    /// The key of the value at `index`: just before it, or else that of the array around it.
    private var keyAbove: Int? {
      if index > 0, storage.tape[index - 1].flags.contains(.key) { return index - 1 }
      return around.last?.key
    }

    /// Passes over what is inside the object or array that was returned last; over the value
    /// of the key that was returned last. Without effect after another scalar.
    package mutating func skipInside() {
      guard index > 0 else { return }
      let last = storage.tape[index - 1]
      guard last.flags.contains(.key), index < storage.tape.count else {
        index = Int(last.next)
        return
      }
      index = Int(storage.tape[index].next)
    }
  }

  package func makeIterator() -> Iterator { Iterator(storage: storage) }
}

extension JSONDocument {
  /// Every key and value, including the root.
  package var walk: JSONWalk { JSONWalk(storage: storage) }
}
