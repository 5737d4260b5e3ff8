// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Builds RFC 6901 pointers from a tape.
struct JSONPointer {
  /// Longer pointers end at an ancestor: they go into answers, and keys may be 128 KiB each.
  static let byteLimit = 1024

  private(set) var text = ""
  private var isFull = false

  /// Goes to a member. Escapes `~` and `/` as RFC 6901 section 3 asks.
  mutating func append(key: JSONToken, _ input: Span<UInt8>) {
    guard !isFull else { return }
    var decoded: [UInt8] = []
    JSONEscapes.decode(input, key.content, into: &decoded)
    var segment: [UInt8] = []
    for byte in decoded {
      switch byte {
      case 0x7E: segment += [0x7E, 0x30]
      case JSONByte.slash: segment += [0x7E, 0x31]
      default: segment.append(byte)
      }
    }
    append(segment: String(decoding: segment, as: UTF8.self))
  }

  /// Goes to an element.
  mutating func append(index: Int) {
    append(segment: String(index))
  }

  private mutating func append(segment: String) {
    isFull = isFull || text.utf8.count + segment.utf8.count + 1 > JSONPointer.byteLimit
    if !isFull { text += "/" + segment }
  }
}

extension JSONPointer {
  /// The pointer of a complete value or key, found by going down from the root. Linear in the
  /// number of tokens before it.
  init(to target: Int, tape: [JSONToken], input: Span<UInt8>) {
    var container = 0
    while container < target {
      let isObject = tape[container].kind == .object
      var child = container + 1
      var ordinal = 0
      // A member is a key token and its value's tokens.
      while child < tape.count {
        let value = isObject ? child + 1 : child
        guard value < tape.count, target >= tape[value].next else { break }
        child = Int(tape[value].next)
        ordinal += 1
      }
      guard child < tape.count, child <= target else { return }
      if isObject {
        append(key: tape[child], input)
        container = child + 1
      } else {
        append(index: ordinal)
        container = child
      }
    }
  }
}

extension JSONScanner {
  /// The pointer of the place where the scanner stopped with `fault`.
  func pointer(of fault: JSONFault, _ input: Span<UInt8>) -> String {
    var pointer = JSONPointer()
    for (container, child) in zip(open, open.dropFirst()) {
      append(child: child, of: container, to: &pointer, input)
    }
    if let container = open.last {
      if let key = fault.key {
        pointer.append(key: tape[key], input)
      } else if expectation == .value || expectation == .firstElement {
        append(child: tape.count, of: container, to: &pointer, input)
      }
    }
    return pointer.text
  }

  private func append(
    child: Int, of container: Int, to pointer: inout JSONPointer, _ input: Span<UInt8>
  ) {
    if tape[container].kind == .object {
      pointer.append(key: tape[child - 1], input)
      return
    }
    var ordinal = 0
    var element = container + 1
    while element < child {
      element = Int(tape[element].next)
      ordinal += 1
    }
    pointer.append(index: ordinal)
  }
}
