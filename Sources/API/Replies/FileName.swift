// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Names of files that are offered for download.
enum FileName {
  /// A caller's id as part of a file's name: what could end the name, or means something to a system,
  /// becomes `_`.
  static func safe(_ id: String) -> String {
    let bytes = id.utf8.map { SafePointer.isPlain($0) ? $0 : UInt8(ascii: "_") }
    return String(decoding: bytes, as: UTF8.self)
  }
}
