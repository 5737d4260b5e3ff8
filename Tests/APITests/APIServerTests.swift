// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Logging
import Protection
import ServiceLifecycle
import Synchronization
import Testing

@testable import API

/// Both ports under a real service group.
@Suite(.timeLimit(.minutes(1))) struct APIServerTests {
  private final class Readiness: Sendable {
    private let isStopping = Mutex(false)

    func stop() { isStopping.withLock { $0 = true } }

    var route: Route {
      Route(open: .get, "/readyz") { _ in
        guard !self.isStopping.withLock({ $0 }) else { throw Problem(.stopping, "Stopping.") }
        return Reply { $0.string("ready") }
      }
    }
  }

  @Test func saysStoppingThenStopsAcceptingThenFinishes() async throws {
    let gate = Gate()
    try await serve([gate.route]) { ports, group in
      let answer = try await TestClient.connect(to: ports.main) { client in
        try await client.send(Gate.request)
        await gate.hasBegun()
        let before = try await readiness(ports.admin)
        #expect(before.hasPrefix("HTTP/1.1 200 "))
        await group.triggerGracefulShutdown()
        while await TestClient.isAccepted(at: ports.main) { await Task.yield() }
        // The request is still in progress: the admin port is there to say so.
        let after = try await readiness(ports.admin)
        #expect(after.hasPrefix("HTTP/1.1 503 "))
        #expect(after.contains("\"stopping\""))
        gate.letGo()
        return try await client.receiveAll()
      }
      #expect(answer.hasSuffix("\"done\""))
    }
  }

  @Test func stopsWithNothingInProgress() async throws {
    try await serve([]) { ports, group in
      await group.triggerGracefulShutdown()
      while await TestClient.isAccepted(at: ports.admin) { await Task.yield() }
    }
  }

  @Test func stopsEvenWhenARequestDoesNotFinish() async throws {
    let gate = Gate()
    try await serve([gate.route], grace: .milliseconds(50)) { ports, group in
      let answer = try await TestClient.connect(to: ports.main) { client in
        try await client.send(Gate.request)
        await gate.hasBegun()
        await group.triggerGracefulShutdown()
        return try await client.receiveAll()
      }
      #expect(!answer.contains("done"))
    }
  }

  @Test func hasItsOwnRoutesOnTheAdminPort() async throws {
    let hello = Route(open: .get, "/hello") { _ in Reply { $0.string("hello") } }
    try await serve([hello]) { ports, group in
      let text = "GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
      let main = try await TestClient.exchange(text, with: ports.main)
      let admin = try await TestClient.exchange(text, with: ports.admin)
      #expect(main.contains(" 200 OK"))
      #expect(admin.contains(" 404 "))
      await group.triggerGracefulShutdown()
    }
  }

  @Test func throwsWhenAPortIsTaken() async throws {
    try await serve([]) { ports, group in
      var configuration = APIConfiguration()
      configuration.port = 0
      configuration.adminPort = ports.admin
      await #expect(throws: (any Error).self) {
        try await server([], configuration, .init(), { _ in }).run()
      }
      await group.triggerGracefulShutdown()
    }
  }

  private func readiness(_ port: Int) async throws -> String {
    try await TestClient.exchange(
      "GET /readyz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", with: port)
  }

  /// Runs both ports until `body` has asked the group to stop and it has.
  private func serve(
    _ routes: [Route], grace: Duration = .seconds(30),
    _ body: @Sendable (ListeningPorts, ServiceGroup) async throws -> Void
  ) async throws {
    var configuration = APIConfiguration()
    configuration.port = 0
    configuration.adminPort = 0
    configuration.grace = grace
    let (ports, opened) = AsyncStream.makeStream(of: ListeningPorts.self)
    let server = server(routes, configuration, Readiness()) { opened.yield($0) }
    let group = ServiceGroup(
      configuration: .init(services: [.init(service: server)], logger: server.logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      let ports = try #require(await ports.first { _ in true })
      try await body(ports, group)
      try await tasks.waitForAll()
    }
  }

  private func server(
    _ routes: [Route], _ configuration: APIConfiguration, _ readiness: Readiness,
    _ onListening: @escaping @Sendable (ListeningPorts) -> Void
  ) -> APIServer {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    return APIServer(
      configuration: configuration, router: Router(routes),
      adminRouter: Router([readiness.route]), authenticate: TestListener.authenticate,
      observer: Observer(logger: logger), logger: logger, onStopping: { readiness.stop() },
      onListening: onListening)
  }
}
