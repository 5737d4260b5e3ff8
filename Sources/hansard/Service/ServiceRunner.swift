// Hansard
// SPDX-License-Identifier: Apache-2.0

import API
import Foundation
import Governance
import Logging
import NIOCore
import OIDC
import ServiceLifecycle

/// Runs the service until a signal asks it to stop, or until it cannot go on.
struct ServiceRunner: Sendable {
  let site: Site
  let hansard: Hansard
  let logger: Logger
  /// Checks tokens of an issuer, where there is one.
  private let verifier: TokenVerifier?

  /// Wires the domain; nothing runs yet.
  init(_ site: Site, log: LogSink) {
    let level = site.configuration.logLevel
    self.site = site
    logger = Logger(label: "hansard") { JSONLogHandler(label: $0, level: level, sink: log) }
    let observer = Observer(logger: logger)
    let verifier = site.configuration.oidc.settings.map { TokenVerifier($0, observer: observer) }
    var settings = site.settings()
    if let verifier {
      settings.verifyToken = { token in await verifier.identity(of: token) }
    }
    self.verifier = verifier
    hansard = Hansard(settings, observer: observer)
    if case .missing(let reason) = site.material {
      logger.error("sealed: nothing will be written", metadata: ["reason": "\(reason)"])
    }
  }

  /// Serves; `onListening` is told the ports once they are open.
  ///
  /// SIGINT and SIGTERM end it gracefully: not ready, stop accepting, finish, flush, return. A second
  /// signal ends the process at once. `beside` runs as long as the service does; when it throws, the
  /// service stops and the error is thrown.
  func run(
    onListening: @escaping @Sendable (ListeningPorts) -> Void = { _ in },
    beside: @escaping @Sendable () async throws -> Void = {}
  ) async throws {
    let group = group(onListening)
    let arrivals = Interruption.arrivals()
    let watch = Task {
      var count = 0
      for await number in arrivals {
        count += 1
        if count > 1 { exit(128 + number) }
        await group.triggerGracefulShutdown()
      }
    }
    let companion = Task {
      do {
        try await beside()
      } catch {
        await group.triggerGracefulShutdown()
        throw error
      }
    }
    let outcome = await Task { try await group.run() }.result
    watch.cancel()
    companion.cancel()
    await hansard.close()
    try explaining(outcome)
    try await companionOutcome(companion)
  }

  private func group(_ onListening: @escaping @Sendable (ListeningPorts) -> Void) -> ServiceGroup {
    let configuration = site.configuration
    var api = APIConfiguration()
    api.host = configuration.host
    api.port = configuration.port
    api.adminHost = configuration.host
    api.adminPort = configuration.adminPort
    api.allowedOrigins = configuration.allowedOrigins
    api.openAPI = DescriptionFile.load()
    let logger = logger
    let server = APIServer(api, serving: hansard, logger: logger) { ports in
      logger.notice(
        "listening",
        metadata: [
          "host": "\(configuration.host)", "port": "\(ports.main)", "admin_port": "\(ports.admin)",
        ])
      onListening(ports)
    }
    // By default the names would be whole descriptions of the values.
    var services = ServiceGroupConfiguration(
      services: (hansard.services + issuerKeys + [server]).map {
        .init(service: $0, serviceName: "\(type(of: $0))")
      }, logger: logger)
    services.maximumGracefulShutdownDuration = .seconds(30)
    return ServiceGroup(configuration: services)
  }

  private var issuerKeys: [any Service] { verifier.map { [$0.keys] } ?? [] }

  private func explaining(_ outcome: Result<Void, any Error>) throws {
    do {
      try outcome.get()
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw CommandFailure(PortProbe.inUse(site.configuration.port, site.configuration.adminPort))
    }
  }

  /// An error of the companion's own; not that it was cancelled because the service ended.
  private func companionOutcome(_ companion: Task<Void, any Error>) async throws {
    do {
      try await companion.value
    } catch is CancellationError {
      return
    }
  }
}
