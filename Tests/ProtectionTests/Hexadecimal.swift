// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The bytes of a text of hexadecimal digits; an odd or foreign digit gives an empty array, which
/// equals no vector.
func hex(_ text: String) -> [UInt8] {
  let digits = text.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }
  guard digits.count.isMultiple(of: 2) else { return [] }
  var bytes: [UInt8] = []
  for index in stride(from: 0, to: digits.count, by: 2) {
    let pair = String(decoding: digits[index..<index + 2], as: UTF8.self)
    guard let byte = UInt8(pair, radix: 16) else { return [] }
    bytes.append(byte)
  }
  return bytes
}

/// `count` times the same byte.
func bytes(_ byte: UInt8, _ count: Int) -> [UInt8] {
  [UInt8](repeating: byte, count: count)
}
