// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Builds one JSON text by appending to bytes; commas and colons come by themselves.
///
/// Calls that would break the text are left out instead of trapping, and ``isMisused`` turns
/// true: a value in an object without a key, a key elsewhere, a second root, an end without a
/// beginning. A key that gets no value is given `null`.
package struct JSONWriter: Sendable {
  private struct Container {
    let isObject: Bool
    var isEmpty = true
    var hasKey = false
  }

  /// What has been written so far.
  package private(set) var bytes: [UInt8] = []
  /// Whether any call was left out or mended.
  package private(set) var isMisused = false

  private var open: [Container] = []
  private var hasRoot = false
  /// Containers begun where no value may stand, with all that is in them.
  private var leftOut = 0

  package init(reservingCapacity capacity: Int = 256) {
    bytes.reserveCapacity(max(0, capacity))
  }

  /// Whether there is a root value and nothing is open.
  package var isComplete: Bool { hasRoot && open.isEmpty && leftOut == 0 }

  /// Takes what has been written out of the writer, which goes on behind it: for streaming.
  package mutating func takeBytes() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }
}

// MARK: - Containers and keys

extension JSONWriter {
  /// An object whose members `body` writes.
  package mutating func object<E: Error>(
    _ body: (inout JSONWriter) throws(E) -> Void
  ) throws(E) {
    beginObject()
    try body(&self)
    endObject()
  }

  /// An array whose elements `body` writes.
  package mutating func array<E: Error>(
    _ body: (inout JSONWriter) throws(E) -> Void
  ) throws(E) {
    beginArray()
    try body(&self)
    endArray()
  }

  package mutating func beginObject() { begin(isObject: true) }
  package mutating func endObject() { end(isObject: true) }
  package mutating func beginArray() { begin(isObject: false) }
  package mutating func endArray() { end(isObject: false) }

  /// The key of the next value. Whether the object has it already is not checked.
  package mutating func key(_ name: String) {
    guard leftOut == 0, let container = open.last, container.isObject else {
      isMisused = true
      return
    }
    if container.hasKey {
      isMisused = true
      null()
    }
    separate()
    appendQuoted(name)
    bytes.append(JSONByte.colon)
    open[open.count - 1].hasKey = true
  }

  private mutating func begin(isObject: Bool) {
    guard beginValue() else {
      leftOut += 1
      return
    }
    bytes.append(isObject ? JSONByte.openBrace : JSONByte.openBracket)
    open.append(Container(isObject: isObject))
  }

  private mutating func end(isObject: Bool) {
    guard leftOut == 0 else {
      leftOut -= 1
      return
    }
    guard let container = open.last, container.isObject == isObject else {
      isMisused = true
      return
    }
    if container.hasKey {
      isMisused = true
      null()
    }
    open.removeLast()
    bytes.append(isObject ? JSONByte.closeBrace : JSONByte.closeBracket)
  }
}

// MARK: - Values

extension JSONWriter {
  /// A string, or `null`.
  package mutating func string(_ text: String?) {
    guard let text else { return null() }
    if beginValue() { appendQuoted(text) }
  }

  /// An integer, or `null`.
  package mutating func int(_ value: (some FixedWidthInteger)?) {
    guard let value else { return null() }
    if beginValue() { bytes.append(contentsOf: String(value).utf8) }
  }

  /// The shortest decimal that reads back as the same `Double`; `null` for nil, infinities and
  /// NaN, which JSON cannot say.
  package mutating func double(_ value: Double?) {
    guard let value, value.isFinite else { return null() }
    if beginValue() { bytes.append(contentsOf: value.description.utf8) }
  }

  /// `true`, `false` or `null`.
  package mutating func bool(_ value: Bool?) {
    guard let value else { return null() }
    if beginValue() { bytes.append(contentsOf: value ? "true".utf8 : "false".utf8) }
  }

  package mutating func null() {
    if beginValue() { bytes.append(contentsOf: "null".utf8) }
  }

  /// A value that is JSON already, byte for byte. The caller answers for its being one value.
  package mutating func raw(_ json: some Collection<UInt8>) {
    if beginValue() { bytes.append(contentsOf: json) }
  }

  /// A UUID in lower case (RFC 9562, section 4), or `null`.
  package mutating func uuid(_ value: UUID?) {
    guard let value else { return null() }
    guard beginValue() else { return }
    bytes.append(JSONByte.quote)
    withUnsafeBytes(of: value.uuid) { octets in
      for (index, octet) in octets.enumerated() {
        // 8-4-4-4-12 digits.
        if index == 4 || index == 6 || index == 8 || index == 10 { bytes.append(JSONByte.minus) }
        bytes.append(hexadecimal: octet)
      }
    }
    bytes.append(JSONByte.quote)
  }
}

// MARK: - Bytes

extension JSONWriter {
  /// Whether a value may stand here; if so, the comma before it is written.
  private mutating func beginValue() -> Bool {
    guard leftOut == 0 else { return false }
    guard let container = open.last else {
      isMisused = isMisused || hasRoot
      defer { hasRoot = true }
      return !hasRoot
    }
    guard container.isObject else {
      separate()
      return true
    }
    isMisused = isMisused || !container.hasKey
    open[open.count - 1].hasKey = false
    return container.hasKey
  }

  /// The comma between members and between elements.
  private mutating func separate() {
    if !open[open.count - 1].isEmpty { bytes.append(JSONByte.comma) }
    open[open.count - 1].isEmpty = false
  }

  /// Escapes what RFC 8259 section 7 demands and nothing else. A `String` is valid Unicode, so
  /// the output is valid UTF-8.
  private mutating func appendQuoted(_ text: String) {
    var text = text
    bytes.append(JSONByte.quote)
    text.withUTF8 { utf8 in
      var runStart = 0
      for (index, byte) in utf8.enumerated()
      where byte < 0x20 || byte == JSONByte.quote || byte == JSONByte.backslash {
        bytes.append(contentsOf: utf8[runStart..<index])
        appendEscape(byte)
        runStart = index + 1
      }
      bytes.append(contentsOf: utf8[runStart...])
    }
    bytes.append(JSONByte.quote)
  }

  private mutating func appendEscape(_ byte: UInt8) {
    bytes.append(JSONByte.backslash)
    switch byte {
    case 0x08: bytes.append(0x62)
    case 0x09: bytes.append(0x74)
    case 0x0A: bytes.append(0x6E)
    case 0x0C: bytes.append(0x66)
    case 0x0D: bytes.append(0x72)
    case 0..<0x20:
      bytes.append(contentsOf: "u00".utf8)
      bytes.append(hexadecimal: byte)
    default: bytes.append(byte)
    }
  }
}
