// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardClient
import Protection
import TestSupport
import Testing

/// A logger of attempts in a recording, whose service crashes.
@Suite(.serialized, .exclusive)
struct ClientRecoveryCrashTests {
  private static let session = "deploy:kills"

  /// The service is killed again and again while attempts are logged. What the logger says is
  /// delivered is there once, in the session and in the recording's timeline alike.
  @Test func aServiceThatIsKilledLosesAndDoublesNoAttempt() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("swift recovery kills")
    let key = try await tenant.makeKey(.init("member", user: "alice")).text
    let directory = try TemporaryDirectory.make("client-recovery-kills")
    defer { TemporaryDirectory.remove(directory) }
    var service = try await deployment.startService()
    let client = try ClientCalls.client(service, key)
    let recording = try await client.start(.init(agentID: "a", reason: "r")).id
    let logger = try await RecoveryAuditLogger.open(
      client: client, directory: "\(directory)/buffer",
      options: .init(longestPause: .milliseconds(200)))
    let writer = Task { try await Self.logAttempts(1500, by: logger, in: recording) }
    defer { writer.cancel() }
    for round in 1...3 {
      try await eventually("progress") {
        await logger.status.delivered >= round * 200
      }
      await service.kill()
      // Else it was not amid logging.
      #expect(await logger.status.delivered < 1500)
      service = try await service.again()
    }
    let promised = try await writer.value
    let isDelivered = await logger.flush(within: .seconds(60))
    #expect(isDelivered)
    let status = await logger.status
    #expect(status.delivered == promised.count && status.lost == 0, "\(status)")
    await logger.close()

    // In the order in which they were counted in: their times are those of this machine's clock.
    let history = try await client.recoveryHistory(of: Self.session)
      .sorted { $0.attemptNumber < $1.attemptNumber }
    #expect(history.map(\.entryID) == promised)
    #expect(history.map(\.attemptNumber) == Array(1...1500))
    #expect(history.allSatisfy { $0.recordingID == recording })
    let statistics = try await client.recoveryStatistics(of: Self.session)
    #expect(statistics.totalAttempts == 1500)
    let events = try await Self.events(of: recording, by: client)
    #expect(events.allSatisfy { $0.type == "recovery_attempt" })
    let told = try events.map { event in
      try JSONDocument(parsing: event.data).root["attempt_number"]?.integer() ?? 0
    }
    let all = (1...1500).map { Int64($0) }
    #expect(told == all)
    try await service.stop()
  }

  /// Logs attempts of a recording, never far ahead of what the service has; returns their ids.
  private static func logAttempts(
    _ count: Int, by logger: RecoveryAuditLogger, in recording: String
  ) async throws -> [String] {
    var promised: [String] = []
    for number in 1...count {
      // The buffer would take them all at once, and no kill would be amid logging.
      try await eventually("room for attempts") {
        let status = await logger.status
        return status.buffered - status.delivered < 100
      }
      var attempt = RecoveryAttempt(
        errorType: "E", strategy: .retry, success: number % 2 == 0, durationSeconds: 0.25)
      attempt.errorMessage = "\(number)"
      attempt.recordingID = recording
      let outcome = await logger.logRecoveryAttempt(attempt, session: session)
      guard case .buffered(let entryID) = outcome else {
        throw TestSupportError("not kept: \(outcome)")
      }
      promised.append(entryID)
    }
    return promised
  }

  /// All events of a recording, read page by page.
  private static func events(
    of recording: String, by client: HansardClient
  ) async throws -> [HansardClient.StoredEvent] {
    var events: [HansardClient.StoredEvent] = []
    while true {
      let page = try await client.events(of: recording, after: events.last?.seq ?? 0)
      guard !page.isEmpty else { return events }
      events += page
    }
  }
}
