// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What one needs to know of a libpq connection string without connecting: who logs in, with which
/// password, and how to show it.
///
/// Reads both forms of PostgreSQL's manual, section 34.1.1: a URI and a `key=value` list, byte by
/// byte. libpq remains the judge of everything else in it.
struct ConnectionString {
  /// The user that logs in; nil when the string leaves it to libpq.
  let user: String?
  /// The password in it, if any.
  let password: String?
  /// The string with passwords replaced by `***`, fit for showing.
  let masked: String

  /// Nil when `text` is neither form.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    let scheme = ["postgresql://", "postgres://"].first { bytes.starts(with: $0.utf8) }
    if let scheme {
      (user, password, masked) = Self.parts(ofURI: bytes[...], scheme: scheme)
    } else if let pairs = PairList.pairs(in: bytes[...]), !pairs.isEmpty {
      user = pairs.last { $0.key == "user" }?.value
      password = pairs.last { $0.key == "password" }?.value
      masked = pairs.map { "\($0.key)=\(Self.isSecret($0.key) ? "***" : $0.value)" }
        .joined(separator: " ")
    } else {
      return nil
    }
  }

  /// `scheme://user:password@hosts/database?key=value&…`, percent-encoded.
  private static func parts(
    ofURI bytes: ArraySlice<UInt8>, scheme: String
  ) -> (user: String?, password: String?, masked: String) {
    let (address, query) = cut(bytes.dropFirst(scheme.utf8.count), at: "?")
    var user: String?
    var password: String?
    var shown = scheme
    var place = address
    // Like libpq: what stands before an @ ahead of the first slash are the credentials.
    let slash = address.firstIndex(of: UInt8(ascii: "/")) ?? address.endIndex
    if let at = address[..<slash].firstIndex(of: UInt8(ascii: "@")) {
      let (name, secret) = cut(address[..<at], at: ":")
      user = name.isEmpty ? nil : decoded(name)
      password = secret.map(decoded)
      shown += text(name) + (secret == nil ? "@" : ":***@")
      place = address[(at + 1)...]
    }
    shown += text(place)
    for (index, parameter) in (query?.split(separator: UInt8(ascii: "&")) ?? []).enumerated() {
      let (key, value) = cut(parameter, at: "=")
      let name = decoded(key)
      if name == "user" { user = value.map(decoded) }
      if name == "password" { password = value.map(decoded) }
      shown += index == 0 ? "?" : "&"
      shown += isSecret(name) ? "\(name)=***" : text(parameter)
    }
    return (user, password, shown)
  }

  private static func isSecret(_ key: String) -> Bool {
    key == "password" || key == "sslpassword"
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  private static func cut(
    _ bytes: ArraySlice<UInt8>, at separator: Unicode.Scalar
  ) -> (head: ArraySlice<UInt8>, tail: ArraySlice<UInt8>?) {
    guard let index = bytes.firstIndex(of: UInt8(ascii: separator)) else { return (bytes, nil) }
    return (bytes[..<index], bytes[(index + 1)...])
  }

  /// Resolves `%XX`; what is not valid stays as it is, for libpq to refuse.
  private static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
    var result: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = UInt8(text(rest.prefix(2)), radix: 16) {
        result.append(value)
        rest = rest.dropFirst(2)
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// A `key=value` list: values may be in single quotes, a backslash takes the next byte as it is.
private enum PairList {
  /// The pairs in order; nil when the text does not have that form.
  static func pairs(in bytes: ArraySlice<UInt8>) -> [(key: String, value: String)]? {
    var pairs: [(key: String, value: String)] = []
    var rest = bytes.drop(while: isSpace)
    while !rest.isEmpty {
      guard let equals = rest.firstIndex(of: UInt8(ascii: "=")) else { return nil }
      var key = rest[..<equals]
      while let last = key.last, isSpace(last) { key.removeLast() }
      guard !key.isEmpty, key.allSatisfy(isKeyByte) else { return nil }
      rest = rest[(equals + 1)...].drop(while: isSpace)
      guard let value = takeValue(from: &rest) else { return nil }
      pairs.append((String(decoding: key, as: UTF8.self), String(decoding: value, as: UTF8.self)))
      rest = rest.drop(while: isSpace)
    }
    return pairs
  }

  private static func takeValue(from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    let quote = UInt8(ascii: "'")
    let isQuoted = rest.first == quote
    if isQuoted { rest = rest.dropFirst() }
    var value: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\") {
        if let escaped = rest.popFirst() { value.append(escaped) }
      } else if isQuoted ? byte == quote : isSpace(byte) {
        return value
      } else {
        value.append(byte)
      }
    }
    return isQuoted ? nil : value
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
  }
}
