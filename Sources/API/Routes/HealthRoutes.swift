// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// How the service is doing, for load balancers, Prometheus and people; asked without credentials.
struct HealthRoutes: Sendable {
  let health: @Sendable () async -> Readiness
  let metrics: @Sendable () -> String

  /// What both ports have at the root.
  var routes: [Route] {
    [
      Route(open: .get, "/livez", isJSON: false, handler: live),
      Route(open: .get, "/readyz", isJSON: false, handler: ready),
      Route(open: .get, "/metrics", isJSON: false, handler: measure),
    ]
  }

  /// The health check of the seed.
  var seedRoute: Route {
    Route(open: .get, "\(RecordingRoutes.prefix)/health", handler: healthy)
  }

  /// The process answers: nothing else is asked, least of all the database.
  private func live(_ exchange: Exchange) async throws -> Reply {
    Reply { writer in
      writer.object { $0.member("status", "alive") }
    }
  }

  private func ready(_ exchange: Exchange) async throws -> Reply {
    try await check()
    return Reply { writer in
      writer.object { $0.member("status", "ready") }
    }
  }

  private func healthy(_ exchange: Exchange) async throws -> Reply {
    try await check()
    return Reply { writer in
      writer.object { writer in
        writer.member("status", "healthy")
        writer.member("service", "canvas_recording")
        writer.member("timestamp", Moment.now())
      }
    }
  }

  private func measure(_ exchange: Exchange) async throws -> Reply {
    Reply(
      contentType: "text/plain; version=0.0.4; charset=utf-8",
      body: .whole(Array(metrics().utf8)))
  }

  /// Throws the reasons why the service is not ready, the first of them as the problem's code.
  private func check() async throws(Problem) {
    guard case .notReady(let reasons) = await health() else { return }
    let code = reasons.first.flatMap(ProblemCode.init(rawValue:)) ?? .notReady
    var problem = Problem(code, "The service is not ready: \(reasons.joined(separator: ", ")).")
    problem.reasons = reasons
    throw problem
  }
}
