// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A WebSocket that is told of a tenant's notices, used by the thread of its loop alone.
final class Listener {
  /// Kept for what has not been read: as much as the kernel gives by itself to who does not say.
  private static let pieceBytes = 64 * 1024

  let stream: SocketStream
  private var frames = NoticeFrames()

  /// Connects and shakes hands; throws unless the service agrees.
  ///
  /// - Parameter receiveBuffer: See `SocketStream`.
  init(port: Int, key: String, receiveBuffer: Int32? = nil) throws {
    stream = try SocketStream(port: port, receiveBuffer: receiveBuffer)
    let lines = [
      "GET /api/canvas/recording/ws HTTP/1.1", "Host: 127.0.0.1",
      "Authorization: Bearer \(key)", "Connection: Upgrade", "Upgrade: websocket",
      "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: aGFuc2FyZC1iZW5jaC0xMg==",
    ]
    try stream.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
    let head = try Self.head(of: stream)
    guard head.answer.starts(with: Array("HTTP/1.1 101 ".utf8)) else {
      throw BenchError("a listener was refused: \(String(decoding: head.answer, as: UTF8.self))")
    }
    // What came with the answer belongs to the frames already: the greeting.
    try Array(head.rest).withUnsafeBytes { try frames.take($0) { _ in } }
  }

  /// Reads the answer to the handshake, and what came with it.
  private static func head(of stream: SocketStream) throws -> (answer: Data, rest: Data) {
    var bytes = Data()
    while let piece = try stream.receive(atMost: 4096) {
      bytes += piece
      guard let end = bytes.range(of: Data("\r\n\r\n".utf8)) else { continue }
      return (bytes[..<end.lowerBound], bytes[end.upperBound...])
    }
    throw BenchError("a listener was refused")
  }

  /// Reads what is there and tells of each frame; false when the connection has ended.
  func read(_ tell: (NoticeFrames.Frame) -> Void) throws -> Bool {
    try withUnsafeTemporaryAllocation(byteCount: Self.pieceBytes, alignment: 1) { buffer in
      let received = recv(
        stream.descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
      if received < 0, errno == EAGAIN { return true }
      guard received > 0 else { return false }
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<received])
      try frames.take(bytes) { frame in
        if case .ping(let payload) = frame { try pong(payload) }
        tell(frame)
      }
      return true
    }
  }

  /// Answers a ping, masked as a client has to, by zeros.
  private func pong(_ payload: [UInt8]) throws {
    try stream.send([0x8A, 0x80 | UInt8(payload.count & 0x7F), 0, 0, 0, 0] + payload)
  }
}
