// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// AWS Signature Version 4 in the `Authorization` header: a pure function of a request and a time.
///
/// ```
/// canonical request = method LF path LF query LF (name:value LF)… LF signed names LF hex(SHA-256(body))
///                     path and query URI-encoded; query and headers in order of their names
/// string to sign    = AWS4-HMAC-SHA256 LF time LF scope LF hex(SHA-256(canonical request))
/// scope             = day/region/service/aws4_request
/// key               = HMAC(HMAC(HMAC(HMAC("AWS4" ‖ secret, day), region), service), "aws4_request")
/// signature         = hex(HMAC(key, string to sign))
/// ```
/// The path is not normalised and is encoded once, as S3 wants it. Source: "Signature Version 4 signing
/// process" and "Authenticating requests (AWS Signature Version 4)" of Amazon's manuals.
struct SignatureV4: Sendable {
  /// What a request is signed with.
  struct Credentials: Sendable {
    var accessKeyID: String
    var secretAccessKey: String
  }

  /// What is signed of a request: all of it.
  struct Request: Sendable {
    var method: String
    /// From `/` on, not encoded.
    var path: String
    /// Names and values, not encoded.
    var query: [(name: String, value: String)] = []
    /// At least `host` and the time; all that are here are signed.
    var headers: [(name: String, value: String)]
    /// SHA-256 of the body in hexadecimal.
    var bodyHash: String
  }

  let credentials: Credentials
  let region: String
  let service: String
  /// A planted defect, for tests: the headers are signed in the order in which they come.
  var leavesHeadersUnsorted = false

  /// The value of the `Authorization` header.
  func authorization(of request: Request, at moment: Moment) throws(CryptoError) -> String {
    let headers = canonicalHeaders(request.headers)
    let names = headers.map(\.name).joined(separator: ";")
    let toSign = try stringToSign(of: request, at: moment)
    let signature = try HMACSHA256.code(for: Array(toSign.utf8), keyBytes: key(at: moment))
    return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope(at: moment)), "
      + "SignedHeaders=\(names), Signature=\(Hexadecimal.text(of: signature))"
  }

  /// The time as the header `x-amz-date` says it: `20150830T123600Z`.
  static func time(_ moment: Moment) -> String {
    let digits = moment.rfc3339.utf8.prefix(19).filter { $0 != 0x2D && $0 != 0x3A }
    return String(decoding: digits, as: UTF8.self) + "Z"
  }

  func canonicalRequest(of request: Request) -> String {
    let headers = canonicalHeaders(request.headers)
    return [
      request.method, Self.encoded(request.path, sparing: "/"), canonicalQuery(request.query),
      headers.map { "\($0.name):\($0.value)\n" }.joined(),
      headers.map(\.name).joined(separator: ";"), request.bodyHash,
    ].joined(separator: "\n")
  }

  func stringToSign(of request: Request, at moment: Moment) throws(CryptoError) -> String {
    let digest = try SHA256.hash(Array(canonicalRequest(of: request).utf8))
    return [
      "AWS4-HMAC-SHA256", Self.time(moment), scope(at: moment), Hexadecimal.text(of: digest),
    ].joined(separator: "\n")
  }

  private func day(_ moment: Moment) -> String { String(Self.time(moment).prefix(8)) }

  private func scope(at moment: Moment) -> String {
    "\(day(moment))/\(region)/\(service)/aws4_request"
  }

  private func key(at moment: Moment) throws(CryptoError) -> [UInt8] {
    var key = Array("AWS4\(credentials.secretAccessKey)".utf8)
    for part in [day(moment), region, service, "aws4_request"] {
      key = try HMACSHA256.code(for: Array(part.utf8), keyBytes: key)
    }
    return key
  }

  /// Names in small letters and in order, values of one name put together in the order in which they came.
  private func canonicalHeaders(
    _ headers: [(name: String, value: String)]
  ) -> [(name: String, value: String)] {
    var known: [String: [String]] = [:]
    var names: [String] = []
    for (name, value) in headers {
      let name = name.lowercased()
      if known[name] == nil { names.append(name) }
      known[name, default: []].append(Self.trimmed(value))
    }
    if !leavesHeadersUnsorted { names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    return names.map { ($0, (known[$0] ?? []).joined(separator: ",")) }
  }

  private func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
    query.map { (Self.encoded($0.name), Self.encoded($0.value)) }
      .sorted {
        $0.0 == $1.0
          ? $0.1.utf8.lexicographicallyPrecedes($1.1.utf8)
          : $0.0.utf8.lexicographicallyPrecedes($1.0.utf8)
      }
      .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
  }

  /// Without spaces at the ends, and with one in place of several.
  private static func trimmed(_ value: String) -> String {
    value.split(separator: " ").joined(separator: " ")
  }

  /// URI-encoded: every byte but unreserved characters (RFC 3986, section 2.3), in capitals.
  private static func encoded(_ text: String, sparing spared: Unicode.Scalar? = nil) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      let isSpared = spared.map { $0.value == UInt32(byte) } ?? false
      if isSpared || isUnreserved(byte) {
        bytes.append(byte)
      } else {
        let digits = [byte >> 4, byte & 15].map { $0 < 10 ? $0 + 0x30 : $0 + 0x37 }
        bytes += [UInt8(ascii: "%")] + digits
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
    default: false
    }
  }
}

extension SignatureV4.Credentials: CustomStringConvertible, CustomReflectable {
  var description: String { "Credentials(redacted)" }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}
