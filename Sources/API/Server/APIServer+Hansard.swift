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
    self.init(
      configuration: configuration,
      router: Router(
        Self.routes(of: hansard, configuration) + [health.seedRoute] + health.routes
          + DescriptionRoutes(document: configuration.openAPI).routes),
      adminRouter: Router(health.routes),
      authenticate: { try await hansard.authenticator.authenticate(bearer: $0) },
      observer: hansard.observer, logger: logger,
      limits: RequestLimits(
        admit: { try await hansard.limiter.admit($0, $1, mayBeDone: $2) },
        standings: { hansard.limiter.standings(of: $0) }),
      redeem: { try await hansard.authenticator.redeem(ticket: $0) },
      onStopping: {
        hansard.health.stopping()
        hansard.live.stop()
      },
      onListening: onListening)
  }

  /// What can be asked of the domain.
  private static func routes(
    of hansard: Hansard, _ configuration: APIConfiguration
  ) -> [Route] {
    let retention: [Route] =
      HoldRoutes(holds: hansard.holds).routes
      + DeletionRoutes(deletions: hansard.deletions).routes
      + CertificateRoutes(certificates: hansard.certificates).routes
    return RecordingRoutes(recordings: hansard.recordings).routes + retention
      + AgentRoutes(agents: hansard.agents).routes + UserRoutes(users: hansard.users).routes
      + KeyRoutes(keys: hansard.keys).routes
      + RecoveryRoutes(recovery: hansard.recovery).routes
      + WebhookRoutes(webhooks: hansard.webhooks).routes
      + PolicyRoutes(policies: hansard.policies).routes
      + RedactionRoutes(policies: hansard.redaction).routes
      + LiveRoutes(live: hansard.live, origins: configuration.allowedOrigins).routes
      + ReviewRoutes(reviews: hansard.reviews).routes + AuditRoutes(log: hansard.audit).routes
  }
}
