// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Names of files that are offered for download.
enum FileName {
  /// A caller's id as part of a file's name: what could end the name, or means something to a system,
  /// becomes `_`.
  static func safe(_ id: String) -> String {
    let bytes = id.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."):
        byte
      default: UInt8(ascii: "_")
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
