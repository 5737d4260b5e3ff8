// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardJSON
import TestSupport
import Testing

@testable import HansardClient

/// The lines of the buffer, against everything that disks do to bytes.
struct BufferLineTests {
  /// RFC 3720, appendix B.4, and the usual check value.
  @Test func theChecksumIsCRC32C() {
    #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum(Array(UInt8(0)..<32)) == 0x46DD_794E)
  }

  private let payloads = ["{}", #"{"a":"b"}"#, #"[1,2,3]"#].map { Array($0.utf8) }

  private func read(_ bytes: [UInt8]) -> (payloads: [[UInt8]], damaged: Int, torn: Bool) {
    var offset = 0
    var result: (payloads: [[UInt8]], damaged: Int, torn: Bool) = ([], 0, false)
    while offset < bytes.count {
      switch BufferLine.read(bytes, at: offset) {
      case .entry(let payload, let next):
        result.payloads.append(Array(bytes[payload]))
        offset = next
      case .damaged(let next):
        result.damaged += 1
        offset = next
      case .torn:
        result.torn = true
        return result
      }
    }
    return result
  }

  @Test func readsBackWhatWasWritten() {
    let bytes = payloads.flatMap(BufferLine.encode)
    #expect(
      String(decoding: BufferLine.encode(payloads[0]), as: UTF8.self).hasPrefix("h1 00000002 "))
    let back = read(bytes)
    #expect(back.payloads == payloads && back.damaged == 0 && !back.torn)
  }

  /// Wherever a write is broken off, what was whole before is read and nothing else.
  @Test func everyTornTailIsSeen() {
    let lines = payloads.map(BufferLine.encode)
    let bytes = lines.flatMap(\.self)
    for length in 0..<bytes.count {
      let back = read(Array(bytes.prefix(length)))
      var whole = 0
      var end = 0
      for line in lines {
        guard end + line.count <= length else { break }
        end += line.count
        whole += 1
      }
      #expect(back.payloads == Array(payloads.prefix(whole)), "\(length)")
      #expect(back.torn == (end < length) && back.damaged == 0, "\(length)")
    }
  }

  /// A line feed that damage made is not where the next line begins, nor is one that it took away the end of
  /// the line that had it.
  @Test func damageIsOneLine() {
    let lines = payloads.map(BufferLine.encode)
    var bytes = lines.flatMap(\.self)
    bytes[lines[0].count + BufferLine.headBytes + 2] = 0x0A
    var back = read(bytes)
    #expect(back.payloads == [payloads[0], payloads[2]] && back.damaged == 1 && !back.torn)
    for length in lines.indices.map({ lines[...$0].joined().count }) {
      bytes = lines.flatMap(\.self)
      bytes[length - 1] ^= 4
      back = read(bytes)
      #expect(back.payloads == payloads && back.damaged == 0 && !back.torn)
    }
  }

  /// Every flip of a bit is seen, unless it is one in the line's end or the case of a digit, which
  /// change no entry; and it harms at most the entry that it is in.
  @Test func everyFlippedBitIsSeen() {
    let lines = payloads.map(BufferLine.encode)
    let bytes = lines.flatMap(\.self)
    for index in bytes.indices {
      for bit in 0..<8 {
        var flipped = bytes
        flipped[index] ^= 1 << bit
        let back = read(flipped)
        let hit = lines.indices.first { lines[...$0].joined().count > index } ?? 0
        let others = payloads.indices.filter { $0 != hit }.map { payloads[$0] }
        if back.payloads == payloads { continue }
        #expect(back.payloads == others, "bit \(bit) of byte \(index)")
        #expect(back.damaged > 0 || back.torn, "bit \(bit) of byte \(index)")
      }
    }
  }
}
