// Hansard
// SPDX-License-Identifier: Apache-2.0

extension TextScan {
  /// The user information of a URL (RFC 3986, section 3.2.1): its password is a hit, and its `@` is no
  /// e-mail address.
  mutating func authority(_ text: Span<UInt8>, from start: Int) {
    let limit = min(text.count, start + 512)
    var (colon, at): (Int?, Int?) = (nil, nil)
    var offset = start
    while offset < limit, ByteClass.visible.contains(text[offset]) || text[offset] >= 0x80,
      !"/<>\\".utf8.contains(text[offset])
    {
      if text[offset] == UInt8(ascii: "["), let end = text.endOfMarker(from: offset) {
        offset = end
        continue
      }
      if text[offset] == UInt8(ascii: ":"), colon == nil { colon = offset }
      if text[offset] == UInt8(ascii: "@") { at = offset }
      offset += 1
    }
    guard let at else { return }
    userInfoEnd = at
    guard let colon, colon < at else { return }
    let password = colon + 1..<at
    // `scheme://[user:password@]host`.
    guard text[start] != UInt8(ascii: "[") else { return }
    let kind = SensitiveName.Kind.urlPassword.rawValue
    let own = text.withoutMarkers(password)
    guard rules.isOn(kind), !own.isEmpty, !text.isReference(own), !text.isPlaceholder(own) else {
      return
    }
    hit(password, in: text, kind, .credential)
  }

  /// An e-mail address (the addr-spec that people use, not all of RFC 5322), from its `@`.
  mutating func address(_ text: Span<UInt8>, at: Int) {
    guard personal.email, at != userInfoEnd, at > 0, at + 3 < text.count else { return }
    var start = at
    while start > 0, start != lastEnd, at - start < 64, text.isLocalPart(start - 1),
      !text.isFresh(start)
    {
      start -= 1
    }
    while start < at, ".-+_%'".utf8.contains(text[start]) { start += 1 }
    guard start < at, text[at - 1] != UInt8(ascii: "."), let end = text.endOfDomain(from: at + 1),
      !text.isRemote(start..<at, end), !text.isCode(start..<at, end)
    else { return }
    hit(start..<end, in: text, PersonalData.email.rawValue, .personal)
  }
}

extension Span<UInt8> {
  fileprivate func isLocalPart(_ offset: Int) -> Bool {
    ByteClass.word.contains(self[offset]) || ".-+%'".utf8.contains(self[offset])
  }

  /// The end of the domain name at `start`; nil unless it has two labels or more and ends in letters.
  fileprivate func endOfDomain(from start: Int) -> Int? {
    var (offset, label, lastDot): (Int, Int, Int?) = (start, start, nil)
    while offset < count, offset - start < 253 {
      let byte = self[offset]
      if byte == UInt8(ascii: ".") {
        guard offset > label, offset + 1 < count, ByteClass.alnum.contains(self[offset + 1]) else {
          break
        }
        (lastDot, label) = (offset, offset + 1)
      } else if !ByteClass.alnum.contains(byte), byte != UInt8(ascii: "-") {
        break
      }
      offset += 1
    }
    guard let lastDot, ByteClass.alnum.contains(self[start]) else { return nil }
    var end = lastDot + 1
    while end < offset, ByteClass.alnum.contains(self[end]) { end += 1 }
    let top = lastDot + 1..<end
    guard (2...24).contains(top.count), top.allSatisfy({ !ByteClass.digit.contains(self[$0]) })
    else { return nil }
    return end
  }

  /// `this@Activity.finish()`, and files of two resolutions: `icon@2x.png`.
  fileprivate func isCode(_ local: Range<Int>, _ end: Int) -> Bool {
    if hasByte(UInt8(ascii: "("), at: end) { return true }
    if local.count == 4, hasBytes("this", at: local.lowerBound) { return true }
    let isScale =
      ByteClass.digit.contains(self[local.upperBound + 1])
      && hasBytes("x.", at: local.upperBound + 2)
    return isScale
      || Self.fileTypes.contains { type in
        let start = end - type.utf8CodeUnitCount
        return start > local.upperBound && self[start - 1] == UInt8(ascii: ".")
          && hasBytes(type, at: start)
      }
  }

  private static var fileTypes: [StaticString] {
    [
      "png", "jpg", "jpeg", "gif", "webp", "svg", "ico", "js", "jsx", "ts", "tsx", "css", "scss",
      "json", "html", "yaml", "yml", "xml", "txt", "pdf",
    ]
  }

  /// `git@host:path`, and a package with its version: `react@npm.18`.
  fileprivate func isRemote(_ local: Range<Int>, _ end: Int) -> Bool {
    let isGit = local.count == 3 && hasBytes(Array("git".utf8), at: local.lowerBound)
    let isPath = end < count && "(/:".utf8.contains(self[end])
    if isGit && isPath { return true }
    // `@scope/name@tag`.
    return local.lowerBound > 0 && self[local.lowerBound - 1] == UInt8(ascii: "/")
      && end < count && self[end] == UInt8(ascii: "/")
  }
}
