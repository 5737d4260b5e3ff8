// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Bench

@Suite struct NoticeFramesTests {
  private static func frame(_ opcode: UInt8, _ payload: [UInt8]) -> [UInt8] {
    switch payload.count {
    case ...125: [0x80 | opcode, UInt8(payload.count)] + payload
    default: [0x80 | opcode, 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)] + payload
    }
  }

  private static func notice(_ number: Int, padding: Int = 0) -> [UInt8] {
    let text =
      #"{"id":"x","type":"t","data":{"reason":"\#(String(repeating: "r", count: padding))","#
      + #""canvas_id":"\#(NoticeFrames.canvas(number))"}}"#
    return frame(1, Array(text.utf8))
  }

  private func read(_ pieces: [[UInt8]]) throws -> [NoticeFrames.Frame] {
    var frames = NoticeFrames()
    var found: [NoticeFrames.Frame] = []
    for piece in pieces {
      try piece.withUnsafeBytes { bytes in try frames.take(bytes) { found.append($0) } }
    }
    return found
  }

  private static let all =
    notice(7) + frame(9, [1, 2]) + notice(123_456, padding: 300) + frame(1, Array("{}".utf8))
    + frame(8, [0x03, 0xF5])
  private static let expected: [NoticeFrames.Frame] = [
    .notice(7), .ping([1, 2]), .notice(123_456), .other, .close(1013),
  ]

  @Test func readsFramesThatComeTogether() throws {
    #expect(try read([Self.all]) == Self.expected)
  }

  @Test func readsFramesThatComeByteByByte() throws {
    #expect(try read(Self.all.map { [$0] }) == Self.expected)
  }

  @Test func whatIsNoNoticeOfOursHasNoNumber() throws {
    let texts = [#""}}"#, #"12"}}"#, #"{"canvas_id":"m-12"}}"#, ""]
    #expect(try read([texts.flatMap { Self.frame(1, Array($0.utf8)) }]).allSatisfy { $0 == .other })
  }
}

@Suite struct DelaysTests {
  @Test func percentilesAreThoseOfTheMilliseconds() {
    var delays = Delays()
    for milliseconds in 1...100 { delays.count(.microseconds(milliseconds * 1000 - 1)) }
    #expect(delays.total == 100)
    #expect([50, 99, 100].map { delays.percentile($0) } == [50, 99, 100])
  }

  @Test func nothingIsLateForEverAndNoMoreThanTheLongest() {
    var delays = Delays()
    #expect(delays.percentile(99) == .infinity)
    delays.count(.seconds(-1))
    delays.count(.seconds(3600))
    #expect(delays.percentile(50) == 0)
    #expect(delays.percentile(100) == Double(Delays.longest))
  }
}
