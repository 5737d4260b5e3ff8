// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import TestSupport
import Testing

/// The OpenAPI document as it is served, wherever the program is installed.
@Suite struct DescriptionTests {
  @Test func theDocumentIsServedToAnybody() async throws {
    let deployment = try await Deployment.shared()
    let document = try Data(contentsOf: URL(fileURLWithPath: ProjectFiles.description()))
    try await deployment.withService { service in
      let answer = try await service.client(nil).send(.get, "/openapi.yaml")
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == ["application/yaml"])
      #expect(answer.body == Array(document))
      #expect(try await service.client(nil).send(.head, "/openapi.yaml").status == 200)
      #expect(await service.probe("/openapi.yaml")?.status == 404)
    }
  }

  /// A program that was installed alone does everything else.
  @Test func aProgramWithoutTheDocumentSaysSo() async throws {
    let folder = try TemporaryDirectory.make("alone")
    defer { TemporaryDirectory.remove(folder) }
    try FileManager.default.copyItem(
      atPath: try Executable.path(), toPath: "\(folder)/hansard")
    let outcome = try await Executable.run(
      ["check-config"], environment: ["HANSARD_SQL": try ProjectFiles.migrations()],
      program: "\(folder)/hansard")
    #expect(outcome.status == .exited(0))
    #expect(outcome.output.contains("# openapi: not found, so /openapi.yaml answers 404\n"))
    // Beside it, as it is installed, it is found.
    try FileManager.default.createDirectory(
      atPath: "\(folder)/bin", withIntermediateDirectories: false)
    try FileManager.default.createDirectory(
      atPath: "\(folder)/share/hansard", withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: "\(folder)/hansard", toPath: "\(folder)/bin/hansard")
    try FileManager.default.copyItem(
      atPath: ProjectFiles.description(), toPath: "\(folder)/share/hansard/openapi.yaml")
    let installed = try await Executable.run(
      ["check-config"], environment: ["HANSARD_SQL": try ProjectFiles.migrations()],
      program: "\(folder)/bin/hansard")
    #expect(installed.output.contains("# openapi: \(folder)/share/hansard/openapi.yaml\n"))
  }
}
