// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension EmbeddedPostgres {
  /// What to start, and where.
  package struct Configuration: Sendable {
    /// Made and filled by `initdb` when it is missing or empty; an absolute or relative path.
    package var dataDirectory: String
    /// Directory of the Unix socket, mode 0700; nil: a new short one under `/tmp`, removed when
    /// the server stops.
    package var socketDirectory: String?
    /// Server settings; they win over the defaults below. `fsync` stays on unless set here.
    package var settings: [String: String]
    /// The superuser that `initdb` makes.
    package var superuser: String
    /// A TCP port on 127.0.0.1, where a password (SCRAM) is asked for; nil: the socket only.
    package var listenPort: Int?
    /// The server's log; nil: `postgres.log` beside the data directory.
    package var logFile: String?
    /// How long a start, with crash recovery, may take; initialising comes on top.
    package var startLimit: Duration
    /// Where the server's programs are; nil: they are looked for.
    package var binaries: ServerBinaries?

    package init(
      dataDirectory: String, socketDirectory: String? = nil, settings: [String: String] = [:],
      superuser: String = "postgres", listenPort: Int? = nil, logFile: String? = nil,
      startLimit: Duration = .seconds(60), binaries: ServerBinaries? = nil
    ) {
      self.dataDirectory = dataDirectory
      self.socketDirectory = socketDirectory
      self.settings = settings
      self.superuser = superuser
      self.listenPort = listenPort
      self.logFile = logFile
      self.startLimit = startLimit
      self.binaries = binaries
    }

    /// The port that names the socket file, and that TCP listens on when it does.
    package var port: Int { listenPort ?? 5432 }

    /// Whether the server flushes to disk; `initdb` follows it.
    var isFlushed: Bool { !["off", "false", "no", "0"].contains(settings["fsync"] ?? "on") }

    var absoluteDataDirectory: String { Self.absolute(dataDirectory) }

    var absoluteLogFile: String {
      if let logFile { return Self.absolute(logFile) }
      let parent = (absoluteDataDirectory as NSString).deletingLastPathComponent
      return "\(parent)/postgres.log"
    }

    /// The `-c name=value` arguments of the server, sorted by name.
    func arguments(socketDirectory: String) -> [String] {
      let quoted = socketDirectory.replacingOccurrences(of: "\"", with: "\"\"")
      let defaults = [
        "listen_addresses": listenPort == nil ? "" : "127.0.0.1",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_timezone": "UTC",
        "logging_collector": "off",
        "port": String(port),
        "timezone": "UTC",
        "unix_socket_directories": "\"\(quoted)\"",
        "unix_socket_permissions": "0700",
      ]
      return defaults.merging(settings) { $1 }
        .sorted { $0.key < $1.key }
        .flatMap { ["-c", "\($0.key)=\($0.value)"] }
    }

    private static func absolute(_ path: String) -> String {
      URL(fileURLWithPath: path).standardizedFileURL.path
    }
  }
}
