// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A blocking TCP connection to a port on the loopback, with a time limit on each call.
final class SocketStream {
  let descriptor: Int32

  /// Connects.
  ///
  /// - Parameter receiveBuffer: bytes that the kernel keeps for a slow reader; nil: its default.
  init(port: Int, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw BenchError("no socket: errno \(errno)") }
    var limit = timeval(tv_sec: 60, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    if var receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(4))
    }
    guard withLoopback(port, { connect(descriptor, $0, $1) == 0 }) else {
      throw BenchError("no connection to port \(port): errno \(errno)")
    }
  }

  deinit { close(descriptor) }

  /// Sends everything.
  func send(_ bytes: [UInt8]) throws {
    var offset = 0
    while offset < bytes.count {
      let sent = bytes[offset...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { throw BenchError("sending failed: errno \(errno)") }
      offset += sent
    }
  }

  /// Waits for bytes; nil at the end of the stream.
  func receive(atMost count: Int) throws -> [UInt8]? {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let received = recv(descriptor, buffer.baseAddress, count, 0)
      failure = received < 0 ? errno : 0
      filled = max(0, received)
    }
    guard failure == 0 else { throw BenchError("receiving failed: errno \(failure)") }
    return bytes.isEmpty ? nil : bytes
  }
}
