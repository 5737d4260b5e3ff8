// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What the groups share: the ground, the two load programs, and a tenant with open recordings.
struct Stage: Sendable {
  let ground: Ground
  let options: Options
  let wrk: Wrk
  let pgbench: Pgbench
  let tenant: Tenant
  /// The open recordings that events go to.
  let recordings: [String]
  /// The same as a file, one a line.
  let recordingsFile: String
  let eventFile: String

  var plan: Plan { options.plan }

  /// How many recordings are open while single events are measured.
  static let openRecordings = 1000
  /// How many are started at the same time: as many as the service has connections for that.
  private static let atOnce = 8

  /// Makes everything that more than one group needs.
  static func prepare(on ground: Ground, options: Options) async throws -> Stage {
    let (wrk, pgbench) = (try Wrk.find(), try await Pgbench.prepare(on: ground))
    let tenant = try await Tenant.make("Bench", on: ground)
    let recordings = try await Service.with(on: ground) { service in
      try await start(openRecordings, of: tenant, on: service)
    }
    // Segments of the write-ahead log to use again, as a server that has run for a while has them.
    try await ground.script("checkpoint")
    return Stage(
      ground: ground, options: options, wrk: wrk, pgbench: pgbench, tenant: tenant,
      recordings: recordings,
      recordingsFile: try ground.write(
        recordings.joined(separator: "\n"), to: "recordings"),
      eventFile: try ground.write(EventText.eventTemplate, to: "event.json"))
  }

  /// Starts recordings by hand and returns their ids.
  static func start(_ count: Int, of tenant: Tenant, on service: Service) async throws -> [String] {
    let client = Client(port: service.ports.main, key: tenant.recorderKey)
    let draft = #"{"agent_id":"\#(Tenant.agent)","user_id":"\#(Tenant.user)","reason":"bench"}"#
    let makers = min(count, atOnce)
    return try await withThrowingTaskGroup(of: [String].self) { group in
      for maker in 0..<makers {
        group.addTask {
          var ids: [String] = []
          for _ in stride(from: maker, to: count, by: makers) {
            let answer = try await client.post("/api/canvas/recording/start", draft)
            ids.append(try JSONDecoder().decode(Started.self, from: answer).recordingID)
          }
          return ids
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  /// Starts a recording and appends so many events to it.
  func makeRecording(_ events: Int, on service: Service) async throws -> String {
    guard let id = try await Self.start(1, of: tenant, on: service).first else {
      throw BenchError("no recording was started")
    }
    let client = Client(port: service.ports.main, key: tenant.recorderKey)
    for start in stride(from: 0, to: events, by: 1000) {
      let batch = EventText.batch(min(1000, events - start))
      try await client.post("/api/canvas/recording/\(id)/events", batch)
    }
    return id
  }

  /// The load of single events.
  var singleEvents: Wrk.Load {
    .append(
      suffix: "event", recordings: recordingsFile, body: eventFile,
      delayMilliseconds: options.hasPlantedDefect ? 400 : 0)
  }

  /// A figure under the plan and the bounds of this run.
  func figure(
    _ id: FigureID, _ rounds: [Double], _ summary: Figure.Summary = .median
  ) -> Figure {
    Figure(id, rounds: rounds, summary, plan: plan, bounds: options.bounds)
  }
}

/// The part of the answer to `POST /start` that is needed.
private struct Started: Decodable {
  let recordingID: String

  enum CodingKeys: String, CodingKey {
    case recordingID = "recording_id"
  }
}
