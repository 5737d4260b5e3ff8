// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import TestSupport
import Testing

/// The examples do what they show, and the README shows them.
struct ExampleTests {
  @Test func recovers() async throws {
    let service = RecoveryServer()
    let directory = try TemporaryDirectory.make("example")
    defer { TemporaryDirectory.remove(directory) }
    try await ScriptedServer.with(
      { request, _ in service.reply(to: request) },
      { server in
        var environment = ChildProcess.plainEnvironment
        environment["HANSARD_URL"] = server.url
        environment["HANSARD_MEMBER_KEY"] = "hsd_k"
        environment["HANSARD_BUFFER"] = "\(directory)/buffer"
        let (status, output) = try await ChildProcess.run(
          [try Companion.path("hansard-example-recover")], environment: environment,
          within: .seconds(60))
        #expect(status == .exited(0), "\(output)")
        #expect(output.contains("2 attempts, recovered: true\ndelivered\n"), "\(output)")
        #expect(service.messages == ["Missing brace", "Unbalanced()"])
      })
  }

  /// Whoever uses the client is spared the libraries of the service.
  @Test func needsNeitherLibpqNorOpenSSL() throws {
    let path = try Companion.path("hansard-example-recover")
    let program = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    func needs(_ library: String) -> Bool { program.range(of: Data(library.utf8)) != nil }
    // The names that the loader looks for; the last shows that they would be found.
    #expect(!needs("libpq.so") && !needs("libcrypto.so") && !needs("libssl.so"))
    #expect(needs("libc.so"))
  }

  @Test(arguments: ["record/Record.swift", "recover/Recover.swift"])
  func isInTheReadme(path: String) throws {
    let example = try String(
      contentsOfFile: try ProjectFiles.root() + "/Examples/\(path)", encoding: .utf8)
    let readme = try String(
      contentsOfFile: try ProjectFiles.root() + "/README.md", encoding: .utf8)
    let lines = example.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let start = try #require(lines.firstIndex { $0.contains("static func main") }) + 2
    let body = lines[start...].filter { !$0.isEmpty && $0 != "}" && $0 != "  }" }
    #expect(body.count > 10)
    for line in body { #expect(readme.contains(line.dropFirst(4)), "\(line)") }
  }
}
