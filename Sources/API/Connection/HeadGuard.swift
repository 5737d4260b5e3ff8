// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOHTTP1

/// Decides whether a parsed head may become a request: what the HTTP/1 parser lets through and
/// RFC 9112 does not, or we don't.
enum HeadGuard {
  /// The longest request target, in bytes.
  static let maximumTargetBytes = 8 * 1024
  /// The longest head (target, names and values), in bytes.
  static let maximumHeadBytes = 32 * 1024
  /// The most header fields.
  static let maximumFields = 100

  /// The request that `head` asks for. Throws the problem to answer before closing.
  static func request(from head: HTTPRequestHead) throws(Problem) -> HTTPRequest {
    guard head.version.major == 1, head.version.minor <= 1 else {
      throw Problem(.httpVersionNotSupported, "HTTP/1.1 and HTTP/1.0 are spoken here.")
    }
    try checkTarget(head.uri)
    let host = try host(of: head)
    try checkFraming(head)
    guard let method = HTTPRequest.Method(head.method.rawValue) else {
      throw malformed("The method is not a token.")
    }
    return HTTPRequest(
      method: method, scheme: "http", authority: host, path: head.uri,
      headerFields: try fields(of: head))
  }

  /// Only origin-form targets of visible ASCII (RFC 9112, section 3.2.1).
  private static func checkTarget(_ target: String) throws(Problem) {
    guard target.utf8.count <= maximumTargetBytes else {
      throw Problem(.targetTooLong, "The request target is longer than 8 KiB.")
    }
    guard target.utf8.first == UInt8(ascii: "/"),
      target.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") })
    else {
      throw Problem(.malformedTarget, "The request target is not an absolute path.")
    }
  }

  /// Exactly one valid Host in HTTP/1.1, at most one in HTTP/1.0 (RFC 9112, section 3.2).
  private static func host(of head: HTTPRequestHead) throws(Problem) -> String? {
    let hosts = head.headers["host"]
    guard let host = hosts.first else {
      guard head.version.minor == 0 else { throw malformed("The Host field is missing.") }
      return nil
    }
    guard hosts.count == 1, !host.isEmpty, host.utf8.allSatisfy(isHostByte) else {
      throw malformed("The Host field is not one valid authority.")
    }
    return host
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~%!$&'()*+,;=:[]".utf8.contains(byte)
    }
  }

  /// `chunked` is the only transfer coding, once and in HTTP/1.1 only; a second Content-Length and
  /// one beside it are refused by the parser already, and here again.
  private static func checkFraming(_ head: HTTPRequestHead) throws(Problem) {
    let codings = head.headers["transfer-encoding"]
    let lengths = head.headers["content-length"]
    guard lengths.count <= 1, codings.isEmpty || lengths.isEmpty else {
      throw malformed("The length of the body is given more than once.")
    }
    guard codings.isEmpty || (codings.count == 1 && head.version.minor == 1) else {
      throw malformed("The transfer coding is not accepted.")
    }
    guard codings.allSatisfy({ $0.lowercased().utf8.elementsEqual("chunked".utf8) }) else {
      throw malformed("The transfer coding is not accepted.")
    }
  }

  private static func fields(of head: HTTPRequestHead) throws(Problem) -> HTTPFields {
    guard head.headers.count <= maximumFields else {
      throw Problem(.headTooLarge, "The head has more than \(maximumFields) fields.")
    }
    var fields = HTTPFields()
    fields.reserveCapacity(head.headers.count)
    // HTTP/1.0 has no upgrades (RFC 9110, section 7.8).
    let dropped = head.version.minor == 0 ? ["host", "upgrade"] : ["host"]
    for (name, value) in head.headers where !dropped.contains(name.lowercased()) {
      guard let name = HTTPField.Name(name) else {
        throw malformed("A field name is not a token.")
      }
      // What HTTPTypes cannot hold it replaces: a value must not turn into another on its way.
      guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
        throw malformed("A field value holds a control character.")
      }
      fields.append(HTTPField(name: name, value: value))
    }
    return fields
  }

  private static func malformed(_ detail: String) -> Problem {
    Problem(.malformedRequest, detail)
  }
}
