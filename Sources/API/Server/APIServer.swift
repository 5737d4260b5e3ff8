// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Governance
import HTTPTypes
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The HTTP API: a main port for everything, and an admin port with a thread and connections of its
/// own for health and metrics, so that no number of slow clients can lock them out.
///
/// At a graceful shutdown `/readyz` says `stopping` first, then the main port stops accepting and
/// finishes what is in progress, and the admin port closes last.
package struct APIServer: Service {
  private let configuration: APIConfiguration
  private let hansard: Hansard
  private let logger: Logger
  private let onListening: @Sendable (ListeningPorts) -> Void

  /// Creates a server; `onListening` is called once both ports are open.
  package init(
    _ configuration: APIConfiguration, serving hansard: Hansard, logger: Logger,
    onListening: @escaping @Sendable (ListeningPorts) -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.hansard = hansard
    self.logger = logger
    self.onListening = onListening
  }

  /// Serves until a graceful shutdown is asked for. Throws where a port cannot be opened.
  package func run() async throws {
    let adminGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let opened = OpenedPorts(onListening)
    let main = listen(on: MultiThreadedEventLoopGroup.singleton) { opened.main($0) }
    let admin = listenForAdmin(on: adminGroup) { opened.admin($0) }
    let outcome = await outcome { try await serve(main, admin) }
    main.cancel()
    admin.cancel()
    await close(main, admin)
    try await adminGroup.shutdownGracefully()
    try outcome.get()
  }

  /// The table of everything that can be asked for.
  package var routes: [Route] { router.routes }

  private var health: HealthRoutes {
    let hansard = hansard
    return HealthRoutes(
      health: { await hansard.health.readiness() },
      metrics: { hansard.observer.metricsText() })
  }

  private var router: Router {
    Router(
      RecordingRoutes(recordings: hansard.recordings).routes
        + AgentRoutes(agents: hansard.agents).routes + [health.seedRoute] + health.routes)
  }
}

// MARK: - Ports

extension APIServer {
  private func serve(_ main: Listener, _ admin: Listener) async throws {
    let isAsked = try await withThrowingTaskGroup(of: Bool.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await gracefulShutdownAsked() }
      group.addTask {
        try await main.wait()
        return false
      }
      group.addTask {
        try await admin.wait()
        return false
      }
      return try await group.next() ?? false
    }
    guard isAsked else { return }
    hansard.health.stopping()
    hansard.observer.observe(.lifecycle("stopping"))
    try await Task.sleep(for: configuration.drain)
    await main.stop(within: configuration.grace)
    await admin.stop(within: .seconds(1))
  }

  private func gracefulShutdownAsked() async throws -> Bool {
    try await gracefulShutdown()
    return true
  }

  private func listen(
    on group: any EventLoopGroup, onOpen: @escaping @Sendable (Int) -> Void
  ) -> Listener {
    let admission = Admission(
      requests: configuration.maximumRequests, bytes: configuration.maximumBodyBytes)
    return Listener(
      connection(answering: router, admission: admission),
      host: configuration.host, port: configuration.port,
      maximumConnections: configuration.maximumConnections, group: group, logger: logger,
      onOpen: onOpen)
  }

  private func listenForAdmin(
    on group: any EventLoopGroup, onOpen: @escaping @Sendable (Int) -> Void
  ) -> Listener {
    let limit = configuration.maximumAdminConnections
    return Listener(
      connection(answering: Router(health.routes), admission: Admission(requests: limit, bytes: 0)),
      host: configuration.adminHost, port: configuration.adminPort, maximumConnections: limit,
      group: group, logger: logger, onOpen: onOpen)
  }

  private func connection(answering router: Router, admission: Admission) -> HTTPConnection {
    let hansard = hansard
    let responder = RequestResponder(
      router: router, authenticate: { try await hansard.authenticator.authenticate(bearer: $0) },
      observer: hansard.observer, admission: admission)
    return HTTPConnection(
      limits: configuration.deadlines,
      onRefusal: { hansard.observer.observe(.requestFinished(RequestSummary(refused: $0))) },
      responder: { try await responder.respond(to: $0, $1, $2) })
  }

  private func outcome(_ body: () async throws -> Void) async -> Result<Void, any Error> {
    do {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }

  private func close(_ listeners: Listener...) async {
    for listener in listeners {
      // Whatever ended it has been told already.
      _ = await outcome { try await listener.wait() }
    }
  }
}

/// Waits for both ports to be open.
private final class OpenedPorts: Sendable {
  private let ports = Mutex<(main: Int?, admin: Int?)>((nil, nil))
  private let onOpen: @Sendable (ListeningPorts) -> Void

  init(_ onOpen: @escaping @Sendable (ListeningPorts) -> Void) {
    self.onOpen = onOpen
  }

  func main(_ port: Int) { note { $0.main = port } }

  func admin(_ port: Int) { note { $0.admin = port } }

  private func note(_ change: (inout (main: Int?, admin: Int?)) -> Void) {
    let opened = ports.withLock { ports in
      change(&ports)
      guard let main = ports.main, let admin = ports.admin else { return ListeningPorts?.none }
      return ListeningPorts(main: main, admin: admin)
    }
    if let opened { onOpen(opened) }
  }
}
