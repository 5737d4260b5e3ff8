// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Keeps what callers wrote out of pointers in answers, unless it is a short plain name.
///
/// RFC 6901 pointers repeat the keys of the document, and a key can be anything: a secret pasted
/// into the wrong place, a script, 128 KiB of text.
enum SafePointer {
  /// The longest segment that is repeated, in bytes: the shortest token of a known form, the id of an
  /// AWS key, has 20. Names of ours, which may be longer, do not come here.
  static let maximumSegmentBytes = 19
  /// The longest index; a number of more digits may be somebody's.
  static let maximumIndexDigits = 7

  /// `name` as a segment of a pointer; nil where it is not to be repeated.
  static func segment(_ name: String) -> String? {
    guard (1...maximumSegmentBytes).contains(name.utf8.count), name.utf8.allSatisfy(isPlain) else {
      return nil
    }
    let isNumber = name.utf8.first.map(isDigit) ?? false
    guard !isNumber || (name.utf8.count <= maximumIndexDigits && name.utf8.allSatisfy(isDigit))
    else { return nil }
    return name
  }

  /// `pointer` up to the first segment that is not to be repeated.
  static func prefix(of pointer: String) -> String {
    var safe = ""
    for part in pointer.split(separator: "/", omittingEmptySubsequences: true) {
      guard let segment = segment(String(part)) else { break }
      safe += "/" + segment
    }
    return safe
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }
}
