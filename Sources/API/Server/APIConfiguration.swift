// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Where the service listens, and how much it takes on.
package struct APIConfiguration: Sendable {
  /// The address of the main port.
  package var host = "127.0.0.1"
  /// The main port; 0: any that is free.
  package var port = 8080
  /// The address of the admin port.
  package var adminHost = "127.0.0.1"
  /// The admin port; 0: any that is free.
  package var adminPort = 8081
  /// How long each step of a connection may take.
  package var deadlines = DeadlineLimits()
  /// The most connections of the main port; more wait until one is closed.
  package var maximumConnections = 4096
  /// The most connections of the admin port.
  package var maximumAdminConnections = 64
  /// The most requests that are handled at once; more are answered with 503.
  package var maximumRequests = 2048
  /// The most bytes of bodies that are held at once; a request that would hold more is answered
  /// with 503. Reading a body takes up to nine times its size for a moment.
  package var maximumBodyBytes = 64 * 1024 * 1024
  /// Whose pages may open a WebSocket, such as `https://console.example.com`.
  package var allowedOrigins: [String] = []
  /// How long `/readyz` says `stopping` before the main port stops accepting, so that load
  /// balancers can notice.
  package var drain: Duration = .zero
  /// How long requests in progress have to finish once the port has stopped accepting.
  package var grace: Duration = .seconds(10)
  /// What `/openapi.yaml` answers with; nil: 404.
  package var openAPI: [UInt8]?

  /// The configuration of a service on this machine.
  package init() {}
}

/// The ports that are open.
package struct ListeningPorts: Sendable, Equatable {
  /// The main port.
  package var main: Int
  /// The admin port.
  package var admin: Int
}
