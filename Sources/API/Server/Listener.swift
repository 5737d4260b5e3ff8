// Hansard
// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import Logging
import NIOCore

/// One port with its server, which runs in a task of its own, so that the order in which ports stop
/// is decided here and not by the process's signal.
struct Listener: Sendable {
  private static let acceptedAtOnce: UInt = 64

  private let server: Server<HTTPConnection>
  private let task: Task<Void, any Error>

  /// Opens the port and serves it; `onOpen` is told its number, `onEnd` that it is closed or could
  /// not be opened.
  init(
    _ connection: HTTPConnection, host: String, port: Int, maximumConnections: Int,
    group: any EventLoopGroup, logger: Logger, onOpen: @escaping @Sendable (Int) -> Void,
    onEnd: @escaping @Sendable () -> Void = {}
  ) {
    let server = Server(
      childChannelSetup: connection,
      configuration: ServerConfiguration(
        address: .hostname(host, port: port), backlog: 1024,
        availableConnectionsDelegate: .maximum(maximumConnections, logger: logger)),
      onServerRunning: { channel in
        // A busy event loop looks here seldom: then a crowd must not be let in four by four. Where the
        // port is closed already it makes no difference.
        channel.setOption(.maxMessagesPerRead, value: Self.acceptedAtOnce).whenComplete { _ in }
        onOpen(channel.localAddress?.port ?? port)
      },
      eventLoopGroup: group, logger: logger)
    self.server = server
    // Detached: a child task would hear of the graceful shutdown at the same time as we do.
    self.task = Task.detached {
      defer { onEnd() }
      try await server.run()
    }
  }

  /// Stops accepting and returns when the requests in progress have finished, after `grace` at the
  /// latest.
  func stop(within grace: Duration) async {
    let server = server
    let task = task
    let quiescing = Task.detached { try await server.shutdownGracefully() }
    let timer = Task.detached {
      try await Task.sleep(for: grace)
      task.cancel()
    }
    // Both outcomes are the same to the caller: the port is closed.
    _ = await task.result
    timer.cancel()
    quiescing.cancel()
  }

  /// Cuts all connections and returns when the port is closed; throws where it could not be opened.
  func cancel() async throws {
    task.cancel()
    try await task.value
  }
}
