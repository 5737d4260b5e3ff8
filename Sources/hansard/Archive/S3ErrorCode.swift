// Hansard
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore

/// The word by which a store says what is wrong, such as `SignatureDoesNotMatch`.
enum S3ErrorCode {
  /// How much of an answer is looked at.
  private static let limit = 4096

  /// The word in an answer's body; nil where there is none.
  static func read(from response: HTTPClientResponse) async -> String? {
    var bytes: [UInt8] = []
    do {
      for try await chunk in response.body {
        bytes += chunk.readableBytesView.prefix(limit - bytes.count)
        if bytes.count >= limit { break }
      }
    } catch {
      // What came is what there is to go by: that the answer was no success is known already.
    }
    return find(in: bytes)
  }

  /// The content of the first `<Code>`, if it is a word: it goes into log lines.
  static func find(in bytes: [UInt8]) -> String? {
    let start = Array("<Code>".utf8)
    guard
      let place = bytes.indices.first(where: { bytes[$0...].starts(with: start) })
    else { return nil }
    let word = bytes[(place + start.count)...].prefix { $0 != UInt8(ascii: "<") }
    guard (1...64).contains(word.count), word.allSatisfy(isWordByte) else { return nil }
    return String(decoding: word, as: UTF8.self)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
  }
}
