// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import hansard

struct DemoTests {
  @Test func theScriptShowsEveryKindOfEvent() throws {
    let steps = try DemoSession.steps()
    #expect(steps.count == 25)
    #expect(
      Set(steps.map(\.type)) == [
        "operation_start", "operation_update", "operation_complete", "view_switch", "user_input",
        "agent_request", "canvas_update", "integration_action", "error",
      ])
    #expect(steps.first?.type == "operation_start")
    #expect(steps.last?.type == "operation_complete")
    #expect(steps.allSatisfy { (0...5000).contains($0.pause) })
  }

  @Test func theEnvironmentFileIsReadBackAndPrivate() throws {
    let directory = try TemporaryDirectory.make("demo")
    defer { TemporaryDirectory.remove(directory) }
    let path = "\(directory)/demo.env"
    #expect(try DemoEnvironment.read(path) == nil)
    let environment = DemoEnvironment([
      ("HANSARD_URL", "http://127.0.0.1:8080"),
      ("HANSARD_DATABASE_URL", "postgresql://postgres@/hansard?host=/tmp/hansard-0-ab"),
      ("HANSARD_ADMIN_KEY", "hsd_00_a-b_c"),
    ])
    try environment.write(to: path)
    #expect(try DemoEnvironment.read(path) == environment)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["demo.env"])
  }

  @Test(arguments: ["a b", "a$b", "a;b", "a'b", "a\nb", "`x`", "a&b", "~", "é"])
  func refusesAValueThatAShellWouldChange(value: String) {
    #expect(throws: CommandFailure.self) { try DemoEnvironment([("A", value)]).text() }
    #expect(DemoEnvironment(parsing: "A=\(value)") == nil)
  }
}
