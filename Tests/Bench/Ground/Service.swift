// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation

/// One `hansard serve` as a child of ours.
struct Service: Sendable {
  let ports: Ports
  private let child: ChildProcess
  private let logFile: String

  /// Lends a service and stops it afterwards; one that does not end well fails the run.
  static func with<T: Sendable>(
    on ground: Ground, _ body: (Service) async throws -> T
  ) async throws -> T {
    let service = try start(on: ground)
    let result: Result<T, any Error>
    do {
      try await service.waitUntilReady()
      result = .success(try await body(service))
    } catch {
      result = .failure(error)
    }
    try await service.stop(hasFailed: (try? result.get()) == nil)
    return try result.get()
  }

  private static func start(on ground: Ground) throws -> Service {
    let logFile = ground.file("service.log")
    let output = open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard output >= 0 else { throw BenchError("cannot write \(logFile)") }
    defer { close(output) }
    let ports = try Ports.free()
    let environment = [
      "HANSARD_PORT": String(ports.main), "HANSARD_ADMIN_PORT": String(ports.admin),
    ].merging(ground.environment) { $1 }
    // It ends with us, also when we are killed.
    let guardian = ["/usr/bin/setpriv", "--pdeathsig", "KILL", "--"]
    let isGuarded = access(guardian[0], X_OK) == 0
    let child = try ChildProcess.start(
      .init(
        command: (isGuarded ? guardian : []) + [ground.program, "serve"],
        environment: ChildProcess.plainEnvironment.merging(environment) { $1 }, output: output,
        ownSession: true))
    return Service(ports: ports, child: child, logFile: logFile)
  }

  /// Asks as an orchestrator would: a service gives no other signal of being ready.
  private func waitUntilReady() async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < deadline {
      guard child.exitStatus == nil else { break }
      if await Client(port: ports.admin, key: nil).status(of: "/readyz") == 200 { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw BenchError("the service did not become ready\n\(logTail)")
  }

  private func stop(hasFailed: Bool) async throws {
    child.send(SIGTERM)
    let status = await blocking { [child] in child.waitBlocking(atMost: .seconds(30)) }
    if status == nil {
      child.send(SIGKILL)
      _ = await child.wait()
    }
    guard status == .exited(0) || hasFailed else {
      throw BenchError(
        "the service ended with \(status.map(\.description) ?? "SIGKILL")\n\(logTail)")
    }
  }

  private var logTail: String {
    let bytes = FileManager.default.contents(atPath: logFile) ?? Data()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(10)
      .joined(separator: "\n")
  }

  /// Resident memory (`VmRSS`) in megabytes of a million bytes; nil where the kernel does not say.
  var residentMegabytes: Double? { megabytes("VmRSS:") }

  /// The same at its highest so far (`VmHWM`).
  var peakMegabytes: Double? { megabytes("VmHWM:") }

  /// Files and sockets that it has open; nil where the kernel does not say.
  var openDescriptors: Int? {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: "/proc/\(child.processID)/fd")
        .count
    } catch {
      return nil  // It has ended.
    }
  }

  /// For what the kernel counts of it.
  var processID: Int32 { child.processID }

  private func megabytes(_ field: String) -> Double? {
    let status = FileManager.default.contents(atPath: "/proc/\(child.processID)/status") ?? Data()
    let line = String(decoding: status, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix(field) }
    return line.flatMap { Double($0.filter(\.isNumber)) }.map { $0 * 1024 / 1e6 }
  }
}
