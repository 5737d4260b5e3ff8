// Hansard
// SPDX-License-Identifier: Apache-2.0

import API
import ArgumentParser
import Governance
import Logging
import Postgres

/// `hansard routes`
struct RoutesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "routes",
    abstract: "List what can be asked for, and by whom.",
    discussion: """
      The roles are those that may ever ask: for a flagged recording, of their own or of somebody \
      else. None means that anybody may.
      """)

  @Flag(help: "Answer in JSON.")
  var json = false

  func run() {
    // The table belongs to a wired service; nothing of it runs, and nothing connects.
    let logger = Logger(label: "hansard") { _ in SwiftLogNoOpLogHandler() }
    let settings = Hansard.Settings(
      database: PostgresConfiguration(conninfo: ""), poolSize: 1, writer: .init(lanes: 1),
      recordings: .init(), material: .missing(reason: "none is needed"), schemaVersion: 0)
    let hansard = Hansard(settings, observer: Observer(logger: logger))
    let server = APIServer(APIConfiguration(), serving: hansard, logger: logger)
    Listing.show(server.routes.map(\.fields), json: json)
  }
}

extension Route {
  fileprivate var fields: Listing.Fields {
    [
      ("method", .text(methodName)), ("path", .text(path)),
      ("operation", .some(operation?.rawValue)),
      ("roles", .texts(Role.allCases.filter(roles.contains).map(\.rawValue))),
      ("ids", .texts(ids)), ("audited", .flag(isAudited)), ("query", .texts(query)),
    ]
  }
}
