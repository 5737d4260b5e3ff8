// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import HansardClient

/// `hansard import recovery-audit FILE…`
struct ImportRecoveryAudit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recovery-audit",
    abstract: "Bring in recovery trails that were kept in files.",
    discussion: """
      A trail holds JSON objects of the fourteen fields, each on one line or indented over many. \
      Entries keep their ids, so that importing again adds only what is missing: an import that was \
      broken off is continued by the same command. What is damaged or refused is told with its line \
      and its offset in bytes, and the rest is brought in; the exit status is 1 then.
      """)

  @Argument(help: "Trails (.jsonl, .json).", completion: .file())
  var files: [String]

  @OptionGroup var options: ClientOptions

  @Option(help: "The agent that tried, for entries that do not say.")
  var agent: String?

  @Option(
    help: "The user it was done for, for entries that do not say (else $HANSARD_MEMBER_USER).")
  var user: String?

  @Option(
    help: "Where times without an offset were written: UTC, +02:00, Europe/Berlin.",
    transform: { text in
      guard let times = TrailTimes(text) else {
        throw ValidationError("'\(text)' is neither UTC, nor an offset, nor a known zone.")
      }
      return times
    })
  var timeZone: TrailTimes?

  func run() async throws {
    let files = files
    let settings = try options.resolve()
    let client = try settings.client()
    let defaults = TrailEntry.Defaults(
      agent: agent, user: user ?? settings.user, times: timeZone ?? .unknown)
    // Before anything is sent: a name that is misspelt is not found out in the middle.
    for file in files { _ = try InputFile.open(file) }
    let isWhole = try await Interruption.cancelling {
      var isWhole = true
      for file in files {
        let counts = try await Self.bring(file, to: client, defaults)
        isWhole = isWhole && counts.refused == 0
      }
      return isWhole
    }
    if !isWhole { throw ExitCode.failure }
  }

  private static func bring(
    _ file: String, to client: HansardClient, _ defaults: TrailEntry.Defaults
  ) async throws -> TrailCounts {
    let (input, size) = try InputFile.open(file)
    var trail = TrailImport(client: client, defaults: defaults) { show($0, of: file) }
    do {
      try await trail.run(input, size: size)
    } catch {
      throw CommandFailure(
        """
        \(Interruption.words(for: error))
        \(summary(trail.counts, of: file)); the rest was not looked at
        the same command goes on: what is there already is not imported again
        """)
    }
    let counts = trail.counts
    if counts.refused > TrailImport.listed {
      Terminal.tell("\(file): and \(counts.refused - TrailImport.listed) more are refused")
    }
    Terminal.say(summary(counts, of: file))
    return counts
  }

  private static func summary(_ counts: TrailCounts, of file: String) -> String {
    "\(file): \(counts.imported) imported, \(counts.present) already there, "
      + "\(counts.refused) refused"
  }

  private static func show(_ news: TrailNews, of file: String) {
    switch news {
    case .progress(let percent, let counts):
      Terminal.tell("\(file): \(percent) %, \(counts.all) entries")
    case .refused(let refusal): Terminal.tell("\(file): \(refusal)")
    }
  }
}
