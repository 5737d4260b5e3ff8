// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Governance
package import Logging

extension APIServer {
  /// Creates a server for the whole domain; `onListening` is called once both ports are open.
  package init(
    _ configuration: APIConfiguration, serving hansard: Hansard, logger: Logger,
    onListening: @escaping @Sendable (ListeningPorts) -> Void = { _ in }
  ) {
    let health = HealthRoutes(
      health: { await hansard.health.readiness() },
      metrics: { hansard.metricsText() })
    let recordings = RecordingRoutes(recordings: hansard.recordings)
    let agents = AgentRoutes(agents: hansard.agents)
    let redaction = RedactionRoutes(policies: hansard.redaction)
    self.init(
      configuration: configuration,
      router: Router(
        recordings.routes + [health.seedRoute] + agents.routes + redaction.routes
          + health.routes),
      adminRouter: Router(health.routes),
      authenticate: { try await hansard.authenticator.authenticate(bearer: $0) },
      observer: hansard.observer, logger: logger, onStopping: { hansard.health.stopping() },
      onListening: onListening)
  }
}
