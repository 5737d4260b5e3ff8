// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import TestSupport

/// One `hansard serve` as a child process of ours.
final class Service: Sendable {
  /// What it is started with.
  struct Settings: Sendable {
    /// Everything but the ports.
    var environment: [String: String]
    var ports: Ports
    /// Its log is appended to this file.
    var logFile: String
    /// Another program than the one that was built together with these tests.
    var program: String?
  }

  let settings: Settings
  private let child: ChildProcess

  private init(settings: Settings, child: ChildProcess) {
    self.settings = settings
    self.child = child
  }

  /// Starts it and waits until `/readyz` on the admin port answers 200; nil: until it answers at
  /// all. A service that does not get there is ended, and its log is in the error.
  static func start(
    _ settings: Settings, untilReady: Bool = true, within limit: Duration = .patience
  ) async throws -> Service {
    let service = Service(settings: settings, child: try spawn(settings))
    do {
      try await eventually(within: limit, "a service that answers") {
        if let status = service.child.exitStatus {
          throw TestSupportError("the service ended: \(status)")
        }
        let answer = await service.probe(untilReady ? "/readyz" : "/livez")
        return answer?.status == 200
      }
    } catch {
      service.child.send(SIGKILL)
      throw TestSupportError("\(error)\n\(service.logTail)")
    }
    return service
  }

  private static func spawn(_ settings: Settings) throws -> ChildProcess {
    let output = open(settings.logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard output >= 0 else { throw TestSupportError("cannot write \(settings.logFile)") }
    defer { close(output) }
    var environment = ChildProcess.plainEnvironment.merging(settings.environment) { $1 }
    environment["HANSARD_PORT"] = String(settings.ports.main)
    environment["HANSARD_ADMIN_PORT"] = String(settings.ports.admin)
    // It ends with us, also when we are killed.
    let guardian = ["/usr/bin/setpriv", "--pdeathsig", "KILL", "--"]
    let isGuarded = FileManager.default.isExecutableFile(atPath: guardian[0])
    let command =
      (isGuarded ? guardian : []) + [try settings.program ?? Executable.path(), "serve"]
    return try ChildProcess.start(
      .init(command: command, environment: environment, output: output, ownSession: true))
  }
}

// MARK: - While it runs

extension Service {
  var processID: Int32 { child.processID }

  /// How it ended; nil while it runs.
  var exitStatus: ExitStatus? { child.exitStatus }

  var url: String { "http://127.0.0.1:\(settings.ports.main)" }

  var adminURL: String { "http://127.0.0.1:\(settings.ports.admin)" }

  /// A client of the main port that bears `key`.
  func client(_ key: String?) -> Client { Client(url: url, key: key) }

  /// Everything it has logged, over all its lives.
  var log: String {
    FileManager.default.contents(atPath: settings.logFile)
      .map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private var logTail: String {
    log.split(separator: "\n").suffix(20).joined(separator: "\n")
  }

  /// Asks the admin port; nil where nobody answers.
  func probe(_ path: String) async -> Answer? {
    do {
      return try await Client(url: adminURL, key: nil).send(.get, path, within: .seconds(5))
    } catch {
      // Not up yet, or gone: that is what the caller wants to know.
      return nil
    }
  }

  /// Open descriptors of the process.
  var openFiles: Int {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: "/proc/\(processID)/fd").count
    } catch {
      return 0
    }
  }

  /// Resident memory in bytes; 0 where the kernel does not say.
  var residentBytes: Int {
    let status = FileManager.default.contents(atPath: "/proc/\(processID)/status") ?? Data()
    let lines = String(decoding: status, as: UTF8.self).split(separator: "\n")
    let line = lines.first { $0.hasPrefix("VmRSS:") }
    return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 * 1024 } ?? 0
  }
}

// MARK: - Its end

extension Service {
  /// Asks it to stop and waits for that; one that does not is killed.
  @discardableResult
  func stop(within limit: Duration = .seconds(30)) async throws -> ExitStatus {
    child.send(SIGTERM)
    do {
      try await eventually(within: limit, "a stopped service") { child.exitStatus != nil }
    } catch {
      await kill()
      throw TestSupportError("\(error)\n\(logTail)")
    }
    return child.exitStatus ?? .exited(-1)
  }

  /// SIGKILL.
  func kill() async {
    child.send(SIGKILL)
    _ = await child.wait()
  }

  /// Starts it again where it was: same ports, same settings.
  func again() async throws -> Service {
    try await Service.start(settings)
  }
}
