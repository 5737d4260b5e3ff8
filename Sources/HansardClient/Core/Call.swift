// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// One request, whatever happens to it on its way.
struct Call: Sendable {
  enum Method: String, Sendable { case get = "GET", post = "POST", delete = "DELETE" }

  var method: Method
  /// From `/api` on, with its query.
  var path: String
  var body: [UInt8]?
  var accept = "application/json"
  /// The name under which a POST is done once, however often it is sent.
  var idempotencyKey: String?
  /// The most bytes of an answer that are read.
  var answerLimit = 16 << 20

  /// A question: it changes nothing, so that it may be asked again.
  static func get(_ path: String) -> Call { Call(method: .get, path: path) }

  /// A change that is done once.
  static func post(_ path: String, _ body: [UInt8], key: String = newKey()) -> Call {
    Call(method: .post, path: path, body: body, idempotencyKey: key)
  }

  static func delete(_ path: String, _ body: [UInt8]) -> Call {
    Call(method: .delete, path: path, body: body)
  }

  /// A name that nobody else makes up.
  static func newKey() -> String { newUUID().lowercased() }

  private static func newUUID() -> String { UUID().uuidString }

  /// Whether it may be sent again after a try that may have been carried out.
  var isRepeatable: Bool { method == .get || idempotencyKey != nil }
}

/// What came back, read to its end.
struct Reply: Sendable {
  var status: Int
  var body: [UInt8]
  /// `Idempotent-Replayed: true`: it had been done before.
  var isReplayed: Bool
  /// The path of `Link: <…>; rel="next"`.
  var next: String?
}

/// What may stand in a path.
package enum PathSegment {
  /// An id as one segment; what a URL cannot hold as it is is written as `%XX` (RFC 3986).
  ///
  /// Refused is what the service would not take as an id.
  package static func encode(
    _ id: String, _ what: String
  ) throws(HansardClientError) -> String {
    let forbidden = Array("/\\?#%".utf8)
    guard (1...255).contains(id.utf8.count), id != ".", id != "..",
      id.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !forbidden.contains($0) })
    else {
      throw .invalidInput(
        "\(what) must be 1–255 visible ASCII characters without / \\ ? # %, and not . or ..")
    }
    return percentEncoded(id)
  }

  /// Anything as the value of a query.
  static func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
      default: bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
