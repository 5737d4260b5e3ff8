// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import HansardClient
import Protection

/// `hansard import …`
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Record what was done elsewhere, through a running service.",
    subcommands: [ImportAgentSession.self, ImportRecoveryAudit.self])
}

/// `hansard import agent-session FILE`
struct ImportAgentSession: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agent-session",
    abstract: "Record a SWE-agent trajectory, one event per step.",
    discussion: """
      Each step is recorded as exactly the bytes that the file holds. The whole file is checked \
      before anything is sent. If the import breaks off, the recording is stopped as failed.
      """)

  @Argument(help: "A SWE-agent trajectory (.traj).", completion: .file())
  var file: String

  @OptionGroup var options: ClientOptions

  @Option(help: "The agent that did the work.")
  var agent = "swe-agent"

  @Option(help: "The user it was done for (else $HANSARD_MEMBER_USER, else the key's own).")
  var user: String?

  func run() async throws {
    let settings = try options.resolve()
    let plan = try reading(file)
    let agent = agent
    let user = user ?? settings.user
    let session = SessionImport(
      plan: plan, client: try settings.client(), agent: agent, user: user)
    let recording = try await Interruption.cancelling {
      try await session.run(progress: Self.show)
    }
    print(recording)
    Terminal.tell("recorded \(plan.events.count) events as \(plan.ending.rawValue): \(recording)")
  }

  private func reading(_ file: String) throws -> SessionPlan {
    let bytes = try InputFile.contents(of: file, atMost: Trajectory.maximumBytes)
    do {
      return try SessionPlan(
        Trajectory(reading: bytes), fileName: URL(fileURLWithPath: file).lastPathComponent,
        digest: try SHA256.hash(bytes))
    } catch let error as TrajectoryError {
      throw CommandFailure("\(file): \(error)\nnothing was recorded")
    }
  }

  @Sendable private static func show(done: Int, all: Int) {
    Terminal.tell("\(done) of \(all) events recorded")
  }
}
