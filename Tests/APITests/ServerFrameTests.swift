// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import NIOWebSocket
import Testing

@testable import API

@Suite struct ServerFrameTests {
  /// As NIO writes the same frame.
  private func encoded(_ frame: WebSocketFrame) throws -> [UInt8] {
    let channel = EmbeddedChannel(handler: WebSocketFrameEncoder())
    try channel.writeOutbound(frame)
    var bytes: [UInt8] = []
    while let part = try channel.readOutbound(as: ByteBuffer.self) {
      bytes += part.readableBytesView
    }
    _ = try channel.finish()
    return bytes
  }

  @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
  func framesOfEveryLengthAreThoseOfTheStandard(count: Int) throws {
    let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    for opcode in [WebSocketOpcode.text, .ping, .pong, .connectionClose] {
      var buffer = ByteBuffer()
      buffer.write(frame: opcode, payload)
      let frame = WebSocketFrame(fin: true, opcode: opcode, data: ByteBuffer(bytes: payload))
      #expect(try Array(buffer.readableBytesView) == encoded(frame))
      #expect(buffer.readableBytes - count <= ByteBuffer.frameHead)
    }
  }
}
