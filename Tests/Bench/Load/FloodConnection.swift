// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One connection of a flood, used by the thread of its loop alone.
final class FloodConnection {
  /// What a connection tells of.
  enum Event {
    case answered(AnswerReader.Answer, milliseconds: Double)
    case broken(String)
  }

  let party: Int
  private(set) var descriptor: Int32
  private let port: Int
  private var requests: FloodRequests
  private var reader = AnswerReader()
  private var sentAt = ContinuousClock.now

  /// Connects.
  init(port: Int, party: Int, requests: FloodRequests) throws {
    self.port = port
    self.party = party
    self.requests = requests
    descriptor = try Self.connected(port)
  }

  deinit { close(descriptor) }

  private static func connected(_ port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw BenchError("no socket: errno \(errno)") }
    guard withLoopback(port, { connect(descriptor, $0, $1) == 0 }) else {
      let code = errno
      close(descriptor)
      throw BenchError("no connection to port \(port): errno \(code)")
    }
    return descriptor
  }

  /// Sends a request. It is smaller than the socket's buffer, which is empty: nothing is left over.
  func sendNext() throws {
    let request = requests.next()
    sentAt = .now
    let sent = request.withUnsafeBytes {
      send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    // A connection that the server has closed is noticed when it is read.
    guard sent == request.count || sent < 0 else { throw BenchError("a request was cut") }
  }

  /// Reads what is there; with an answer complete, or the connection gone, sends the next request.
  func advance(_ loop: EpollLoop, _ index: Int) throws -> Event? {
    let event = readAnswer()
    switch event {
    case nil: return nil
    case .answered(let answer, _) where !answer.isLast: break
    case .answered, .broken: try reconnect(loop, index)
    }
    try sendNext()
    return event
  }

  private func readAnswer() -> Event? {
    withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer -> Event? in
      let received = recv(
        descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
      if received < 0, errno == EAGAIN { return nil }
      guard received > 0 else { return .broken("a connection that broke") }
      do {
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<received])
        guard let answer = try reader.take(bytes) else { return nil }
        return .answered(answer, milliseconds: (ContinuousClock.now - sentAt) / .milliseconds(1))
      } catch {
        return .broken("\(error)")
      }
    }
  }

  private func reconnect(_ loop: EpollLoop, _ index: Int) throws {
    // Closing takes it out of the loop.
    close(descriptor)
    reader = AnswerReader()
    descriptor = try Self.connected(port)
    try loop.add(descriptor, index)
  }
}
