// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How much memory a long recording takes on its way to a reader that is slower than the service.
struct Streaming: Sendable {
  /// Bytes that the reader takes per second.
  private static let pace = 20e6
  private static let piece = 64 * 1024

  func measure(on stage: Stage) async throws -> [Figure] {
    let long = try await Service.with(on: stage.ground) { service in
      try await stage.makeRecording(stage.plan.longRecording, on: service)
    }
    // A service that has done nothing else: what filling took is not there to be used again.
    return try await Service.with(on: stage.ground) { service in
      _ = await Client(port: service.ports.main, key: stage.tenant.adminKey)
        .status(of: "/api/canvas/recording?limit=1")
      var added: [Double] = []
      for number in 1...stage.plan.rounds {
        try Task.checkCancellation()
        added.append(try await addedMegabytes(reading: long, stage, service))
        Progress.say("streaming \(number): \(Report.text(added.last ?? .nan)) MB")
      }
      return [stage.figure(.streaming, added, .largest)]
    }
  }

  private func addedMegabytes(
    reading recording: String, _ stage: Stage, _ service: Service
  ) async throws -> Double {
    let request = HTTPRequest(
      "GET", "/api/canvas/recording/\(recording)", key: stage.tenant.adminKey, isLast: true)
    let least = stage.plan.longRecording * EventText.byteCount
    return try await blocking {
      Result { () throws -> Double in
        let before = service.residentMegabytes ?? .infinity
        let stream = try SocketStream(port: service.ports.main, receiveBuffer: Int32(Self.piece))
        try stream.send(Array(request.text.utf8))
        var (peak, total) = (before, 0)
        while let bytes = try stream.receive(atMost: Self.piece) {
          total += bytes.count
          peak = max(peak, service.residentMegabytes ?? .infinity)
          usleep(UInt32(Double(bytes.count) / Self.pace * 1e6))
        }
        guard total > least else { throw BenchError("the recording ended after \(total) bytes") }
        return peak - before
      }
    }.get()
  }
}
