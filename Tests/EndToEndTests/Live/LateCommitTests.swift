// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// No notice is missed and none comes twice, in whatever order transactions commit.
@Suite(.serialized, .exclusive)
struct LateCommitTests {
  private func run(
    writers: Int, each: Int, readers: Int, _ environment: [String: String] = [:]
  ) async throws -> [LateCommits.Heard] {
    try await Deployment.with(settings: ["max_connections": "160"]) { deployment in
      try await deployment.withService(environment) { service in
        try await deployment.withService(environment) { twin in
          let stage = try await LiveStage.make(service, in: deployment)
          return try await LateCommits(
            deployment: deployment, stages: [stage, stage.on(twin)], writers: writers, each: each
          ).run(readers: readers)
        }
      }
    }
  }

  @Test func everyReaderHearsEverythingOnce() async throws {
    let heard = try await run(writers: 64, each: 313, readers: 6)
    let everything = Set(0..<64 * 313)
    for numbers in heard {
      #expect(numbers.count == everything.count, "some came twice, or not at all")
      #expect(Set(numbers) == everything)
    }
    // They did come in another order than they began.
    #expect(heard.contains { $0 != $0.sorted() })
  }

  /// The planted defect: a reader that goes by numbers alone loses what is committed late.
  @Test func goingByNumbersAloneLosesNotices() async throws {
    let heard = try await run(
      writers: 64, each: 60, readers: 2,
      ["HANSARD_ENV": "test", "HANSARD_PLANTED_DEFECT": "lose-late-notices"])
    #expect(heard.contains { Set($0).count < 64 * 60 })
  }
}
