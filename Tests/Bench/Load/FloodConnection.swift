// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One connection of a flood, used by the thread of its loop alone.
final class FloodConnection {
  /// What a connection tells of.
  enum Event: Sendable {
    case answered(AnswerReader.Answer, milliseconds: Double)
    case broken(String)
  }

  /// What happened, and how long it is to wait before `sendNext`; nil: it has sent already, or it
  /// waits since an earlier step.
  typealias Step = (event: Event, pause: Duration?)

  /// Kept for a request: more than the largest batch.
  private static let sendBuffer: Int32 = 256 * 1024

  let party: Int
  private(set) var descriptor: Int32
  private let port: Int
  private let manner: Flood.Manner
  private var isWaiting = false
  private var requests: FloodRequests
  private var reader = AnswerReader()
  private var sentAt = ContinuousClock.now

  /// Connects.
  init(port: Int, party: Int, manner: Flood.Manner, requests: FloodRequests) throws {
    self.port = port
    self.party = party
    self.manner = manner
    self.requests = requests
    descriptor = try Self.connected(port)
  }

  deinit { close(descriptor) }

  private static func connected(_ port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw BenchError("no socket: errno \(errno)") }
    var size = sendBuffer
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    guard withLoopback(port, { connect(descriptor, $0, $1) == 0 }) else {
      let code = errno
      close(descriptor)
      throw BenchError("no connection to port \(port): errno \(code)")
    }
    return descriptor
  }

  /// Sends a request, also when its pause is over. It is smaller than the socket's buffer, which is empty: nothing is left over.
  func sendNext() throws {
    let request = requests.next()
    isWaiting = false
    sentAt = .now
    let sent = request.withUnsafeBytes {
      send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
    }
    guard sent >= 0 || errno != EAGAIN else { throw BenchError("a request found no room") }
    // A connection that the server has closed is noticed when it is read.
    guard sent == request.count || sent < 0 else { throw BenchError("a request was cut") }
  }

  /// Reads what is there; with an answer complete, or the connection gone, sends the next request
  /// or says how long it waits first.
  func advance(_ loop: EpollLoop, _ index: Int) throws -> Step? {
    guard let event = readAnswer() else { return nil }
    var pause: Duration?
    switch event {
    case .answered(let answer, _):
      pause = manner.pause(after: answer)
      if answer.isLast { try reconnect(loop, index) }
    case .broken:
      try reconnect(loop, index)
      if isWaiting { return (event, nil) }
    }
    isWaiting = pause != nil
    if !isWaiting { try sendNext() }
    return (event, pause)
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
