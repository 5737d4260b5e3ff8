// Hansard
// SPDX-License-Identifier: Apache-2.0

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
