// Hansard
// SPDX-License-Identifier: Apache-2.0

/// One member of an object.
package struct JSONMember: Sendable {
  /// The key as a string value: span, raw bytes, decoded bytes.
  package let name: JSONValue
  package let value: JSONValue

  /// The key with its escapes decoded. For showing; compare with ``isNamed(_:)``.
  package var key: String {
    String(decoding: name.decodedBytes() ?? [], as: UTF8.self)
  }

  /// Whether the key is `name`, compared by the bytes of its UTF-8.
  package func isNamed(_ name: String) -> Bool { self.name.isText(name) }
}

/// The members of an object in document order.
package struct JSONMembers: Sequence, Sendable {
  fileprivate let object: JSONValue

  /// Linear in the number of members.
  package var count: Int { reduce(0) { count, _ in count + 1 } }

  package struct Iterator: IteratorProtocol {
    fileprivate let storage: JSONStorage
    fileprivate var index: Int
    fileprivate let end: Int

    package mutating func next() -> JSONMember? {
      guard index + 1 < end else { return nil }
      defer { index = Int(storage.tape[index + 1].next) }
      return JSONMember(
        name: JSONValue(storage: storage, index: index),
        value: JSONValue(storage: storage, index: index + 1))
    }
  }

  package func makeIterator() -> Iterator {
    let end = object.kind == .object ? Int(object.token.next) : 0
    return Iterator(storage: object.storage, index: object.index + 1, end: end)
  }
}

/// The elements of an array in document order.
package struct JSONElements: Sequence, Sendable {
  fileprivate let array: JSONValue

  /// Linear in the number of elements.
  package var count: Int { reduce(0) { count, _ in count + 1 } }

  package struct Iterator: IteratorProtocol {
    fileprivate let storage: JSONStorage
    fileprivate var index: Int
    fileprivate let end: Int

    package mutating func next() -> JSONValue? {
      guard index < end else { return nil }
      defer { index = Int(storage.tape[index].next) }
      return JSONValue(storage: storage, index: index)
    }
  }

  package func makeIterator() -> Iterator {
    let end = array.kind == .array ? Int(array.token.next) : 0
    return Iterator(storage: array.storage, index: array.index + 1, end: end)
  }
}

extension JSONValue {
  /// The members of an object; none for other kinds.
  package var members: JSONMembers { JSONMembers(object: self) }

  /// The elements of an array; none for other kinds.
  package var elements: JSONElements { JSONElements(array: self) }

  /// The value of an object's member `key`, compared by the bytes of its UTF-8 after decoding
  /// escapes. Nil if there is none, and for other kinds. Linear in the number of members.
  package subscript(_ key: String) -> JSONValue? {
    for member in members where member.isNamed(key) {
      return member.value
    }
    return nil
  }
}
