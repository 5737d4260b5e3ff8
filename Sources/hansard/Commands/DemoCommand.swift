// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `hansard demo`
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Play a sample agent session into a running service.",
    discussion: "Prints the recording's id.")

  @OptionGroup var options: ClientOptions

  @Option(help: "The user it is played for (else $HANSARD_MEMBER_USER, else the key's own).")
  var user: String?

  @Option(help: "How many times faster than the script's own pauses; 0 is without pauses.")
  var speed = 10.0

  func validate() throws {
    guard speed >= 0, speed.isFinite else {
      throw ValidationError("The speed must be a number from 0.")
    }
  }

  func run() async throws {
    let settings = try options.resolve()
    let user = user ?? settings.user
    let speed = speed > 0 ? speed : nil
    let player = DemoPlayer(
      client: try settings.client(), user: user,
      session: "demo-\(UInt32.random(in: .min ... .max))", speed: speed)
    print(try await Interruption.cancelling { try await player.play() })
  }
}
