// Hansard
// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
  /// Whether this is a secret as the value of a name of that kind.
  func holdsSecret(_ name: SensitiveName.Kind) -> Bool {
    switch kind {
    case .bool, .null: false
    case .number: !isTally
    case .string: span.count > 2 && !isPlain(name)
    case .array: token.next > index + 1
    case .object: token.next > index + 1 && !isSchema
    }
  }

  /// A text that shows that a secret is kept from it, or says where there is one; the working
  /// directory, which goes by the name of `pwd` as well; and words of `fetch`.
  private func isPlain(_ name: SensitiveName.Kind) -> Bool {
    guard let bytes = decodedBytes() else { return false }
    let text = Array(bytes)
    switch name {
    case .password where text.first == JSONByte.slash && keyLength == 3: return true
    case .credential
    where ["include", "omit", "same-origin"].contains(where: { $0.utf8.elementsEqual(text) }):
      return true
    default: return text.span.isMask || text.span.isVariableReference
    }
  }

  /// `"pass": 12`, of tests.
  private var isTally: Bool {
    index > 0 && JSONValue(storage: storage, index: index - 1).isText("pass")
  }

  /// The length of this member's name.
  private var keyLength: Int { index > 0 ? storage.tape[index - 1].content.count : 0 }

  /// A description of what a secret must be like (JSON Schema), as tools have it.
  private var isSchema: Bool {
    members.allSatisfy { member in Self.schemaWords.contains { member.isNamed($0) } }
  }

  private static let schemaWords = [
    "type", "description", "title", "format", "minLength", "maxLength", "pattern", "writeOnly",
    "readOnly", "nullable", "$ref", "items", "properties", "required", "anyOf", "oneOf", "allOf",
    "additionalProperties", "deprecated", "enum",
  ]
}

extension Span<UInt8> {
  /// `***`, `xxxxxx`, `•••`.
  fileprivate var isMask: Bool {
    guard count >= 3 else { return false }
    let isBullets = count % 3 == 0 && self[0] == 0xE2
    for offset in 0..<count {
      let expected = isBullets ? [0xE2, 0x80, 0xA2][offset % 3] : self[0]
      guard self[offset] == expected else { return false }
    }
    return isBullets || "*xX".utf8.contains(self[0])
  }

  /// `${NAME}`, `$NAME`, `<name>`, `{{ name }}`.
  fileprivate var isVariableReference: Bool {
    guard count > 2 else { return false }
    let isEnclosed =
      hasBytes("${", at: 0) && self[count - 1] == UInt8(ascii: "}")
      || self[0] == UInt8(ascii: "<") && self[count - 1] == UInt8(ascii: ">")
      || hasBytes("{{", at: 0) && hasBytes("}}", at: count - 2)
    if isEnclosed { return count < 80 }
    guard self[0] == UInt8(ascii: "$"), isNameStart(self[1]) else { return false }
    return (1..<count).allSatisfy {
      ByteClass.upperAlnum.contains(self[$0]) || self[$0] == UInt8(ascii: "_")
    }
  }
}

/// Two strings side by side in an array, of which the first says what the second is.
struct JSONPair {
  let kind: SensitiveName.Kind

  /// Options and their values, and headers as pairs; nil for other words.
  init?(_ storage: JSONStorage, _ index: Int) {
    let value = JSONValue(storage: storage, index: index + 1)
    guard let bytes = JSONValue(storage: storage, index: index).decodedBytes(), bytes.count < 64,
      let kind = SensitiveName.kind(of: bytes), let text = value.decodedBytes().map(Array.init)
    else { return nil }
    let words = Wording(text.span, 0..<text.count)
    if bytes.first == UInt8(ascii: "-") {
      guard text.first != UInt8(ascii: "-"), !words.isKnown, !text.span.isReference(0..<text.count)
      else { return nil }
    } else {
      guard storage.isPair(index) else { return nil }
      switch kind {
      case .cookie: guard text.contains(UInt8(ascii: "=")) else { return nil }
      default: guard text.count >= 8, words.digits > 0 else { return nil }
      }
    }
    self.kind = kind
  }
}

extension JSONStorage {
  /// Whether the token behind the one at `index` is a string of the same array.
  func followsInArray(_ index: Int) -> Bool {
    guard index > 0, index + 1 < tape.count, !tape[index - 1].flags.contains(.key),
      tape[index + 1].kind == .string, !tape[index + 1].flags.contains(.key)
    else { return false }
    let between = bytes[Int(tape[index].end)..<Int(tape[index + 1].start)]
    return between.allSatisfy { $0 <= 0x20 || $0 == JSONByte.comma }
  }

  /// Whether the two tokens at `index` are all of their array.
  func isPair(_ index: Int) -> Bool {
    guard tape[index - 1].kind == .array else { return false }
    return Int(tape[index - 1].next) == index + 2
  }
}
