// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import EmbeddedPostgres

@Suite struct ServerBinariesTests {
  @Test func findsTheInstalledServer() throws {
    let found = try ServerBinaries.find()
    #expect(FileManager.default.isExecutableFile(atPath: found.path("initdb")))
  }

  @Test func theVariableWinsAndNothingElseIsTried() throws {
    let found = try ServerBinaries.find()
    let chosen = try ServerBinaries.find(environment: [ServerBinaries.variable: found.directory])
    #expect(chosen == found)
    let error = #expect(throws: EmbeddedPostgresError.self) {
      try ServerBinaries.find(
        environment: [ServerBinaries.variable: "/nowhere", "PATH": found.directory])
    }
    #expect(error == .binariesNotFound(searched: ["/nowhere"]))
    #expect(error?.description.contains("Debian package 'postgresql'") == true)
  }
}
