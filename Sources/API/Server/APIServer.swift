// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The HTTP API: a main port for everything, and an admin port with a thread and connections of its
/// own for health and metrics, so that no number of slow clients can lock them out.
///
/// At a graceful shutdown `/readyz` says `stopping` first, then the main port stops accepting and
/// finishes what is in progress, and the admin port closes last.
package struct APIServer: Service {
  let configuration: APIConfiguration
  let router: Router
  let adminRouter: Router
  let authenticate: RequestResponder.Authenticate
  let observer: Observer
  let logger: Logger
  var limits = RequestLimits.none
  var redeem: RequestResponder.Authenticate = { _ in throw DomainError.unauthenticated }
  /// Called when a graceful shutdown begins, before anything is closed.
  let onStopping: @Sendable () -> Void
  /// Called once both ports are open.
  let onListening: @Sendable (ListeningPorts) -> Void

  /// The table of everything that can be asked for.
  package var routes: [Route] { router.routes }

  /// Serves until a graceful shutdown is asked for. Throws where a port cannot be opened.
  package func run() async throws {
    let adminGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let (events, happened) = AsyncStream.makeStream(of: Event.self)
    let opened = OpenedPorts(onListening)
    let main = listener(on: MultiThreadedEventLoopGroup.singleton, happened, opened)
    let admin = adminListener(on: adminGroup, happened, opened)
    let first = await withGracefulShutdownHandler {
      // Ends without an element when this task is cancelled.
      await events.first { _ in true }
    } onGracefulShutdown: {
      happened.yield(.askedToStop)
    }
    if first == .askedToStop { await stop(main, admin) }
    let outcomes = [await outcome(of: main), await outcome(of: admin)]
    try await adminGroup.shutdownGracefully()
    for outcome in outcomes { try outcome.get() }
  }
}

// MARK: - Ports

extension APIServer {
  private enum Event: Sendable {
    case askedToStop
    case portClosed
  }

  private func stop(_ main: Listener, _ admin: Listener) async {
    onStopping()
    observer.observe(.lifecycle("stopping"))
    do {
      try await Task.sleep(for: configuration.drain)
    } catch {
      // Cancelled: nobody waits for load balancers any more.
    }
    await main.stop(within: configuration.grace)
    await admin.stop(within: .seconds(1))
  }

  private func outcome(of listener: Listener) async -> Result<Void, any Error> {
    do {
      return .success(try await listener.cancel())
    } catch {
      return .failure(error)
    }
  }

  private func listener(
    on group: any EventLoopGroup, _ happened: AsyncStream<Event>.Continuation,
    _ opened: OpenedPorts
  ) -> Listener {
    let admission = Admission(
      requests: configuration.maximumRequests, bytes: configuration.maximumBodyBytes)
    return Listener(
      connection(answering: router, admission), host: configuration.host,
      port: configuration.port, maximumConnections: configuration.maximumConnections,
      group: group, logger: logger, onOpen: { opened.main($0) },
      onEnd: { happened.yield(.portClosed) })
  }

  private func adminListener(
    on group: any EventLoopGroup, _ happened: AsyncStream<Event>.Continuation,
    _ opened: OpenedPorts
  ) -> Listener {
    let limit = configuration.maximumAdminConnections
    return Listener(
      connection(answering: adminRouter, Admission(requests: limit, bytes: 0)),
      host: configuration.adminHost, port: configuration.adminPort, maximumConnections: limit,
      group: group, logger: logger, onOpen: { opened.admin($0) },
      onEnd: { happened.yield(.portClosed) })
  }

  private func connection(answering router: Router, _ admission: Admission) -> HTTPConnection {
    let responder = RequestResponder(
      router: router, authenticate: authenticate, observer: observer, admission: admission,
      limits: limits, redeem: redeem)
    let observer = observer
    return HTTPConnection(
      limits: configuration.deadlines,
      onRefusal: { observer.observe(.requestFinished(RequestSummary(refused: $0))) },
      responder: { await responder.respond(to: $0, $1) })
  }
}
