// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOWebSocket

extension ByteBuffer {
  /// The most bytes of a frame beside its payload.
  static let frameHead = 10

  /// Writes a frame as a server does: whole and not masked (RFC 6455, section 5.2).
  ///
  /// Many frames in one buffer are one write; an encoder in the pipeline would make two of each.
  mutating func write(frame opcode: WebSocketOpcode, _ payload: [UInt8]) {
    writeInteger(0x80 | UInt8(webSocketOpcode: opcode))
    switch payload.count {
    case ...125: writeInteger(UInt8(payload.count))
    case ...Int(UInt16.max): writeMultipleIntegers(UInt8(126), UInt16(payload.count))
    default: writeMultipleIntegers(UInt8(127), UInt64(payload.count))
    }
    writeBytes(payload)
  }
}
