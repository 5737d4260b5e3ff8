// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Synchronization
import TestSupport
import Testing

@testable import hansard

/// What a name stands for is asked once, and what was looked at is what is connected to. Here 127.0.0.2 stands
/// for the public Internet, and 127.0.0.1 for what must not be reached: a receiver listens on both.
@Suite(.serialized, .exclusive)
struct WebhookAddressTests {
  /// A resolver whose answers change with each question; the last one stays.
  private final class Names: Sendable {
    private let answers: [[InternetAddress]]
    private let count = Mutex(0)

    init(_ answers: [[String]]) {
      self.answers = answers.map { $0.compactMap { InternetAddress($0) } }
    }

    var questions: Int { count.withLock { $0 } }

    func next() -> [InternetAddress] {
      let number = count.withLock { count in
        defer { count += 1 }
        return count
      }
      return answers.indices.contains(number) ? answers[number] : answers.last ?? []
    }
  }

  /// What came of one message: the outcome, and how many came to each address.
  private struct Seen: Equatable {
    var outcome: WebhookOutcome
    var inside = 0
    var outside = 0
    var questions = 1
  }

  private func send(
    _ answers: [[String]], allowing allowed: Set<String> = [],
    isPublic: @escaping @Sendable (InternetAddress) -> Bool = { $0.text == "127.0.0.2" }
  ) async throws -> Seen {
    try await ScriptedServer.with { _, _ in
      .answer(204, "")
    } _: { inside in
      let port = inside.port
      return try await ScriptedServer.with(host: "127.0.0.2", port: port) { _, _ in
        .answer(204, "")
      } _: { outside in
        let names = Names(answers)
        let sender = WebhookSender(
          allowedHosts: allowed, resolve: { _ in names.next() }, isPublic: isPublic)
        // A name that nobody else knows: it is reached through what was asked here or not at all.
        let url = try #require(WebhookURL("http://hooks.invalid:\(port)/hook"))
        let outcome = await sender.send(
          WebhookMessage(url: url, id: "m", timestamp: 0, signature: "v1,x", body: []))
        return Seen(
          outcome: outcome, inside: inside.requests.count, outside: outside.requests.count,
          questions: names.questions)
      }
    }
  }

  @Test func aNameThatMovesInsideAfterItWasLookedAtChangesNothing() async throws {
    let seen = try await send([["127.0.0.2"], ["127.0.0.1"]])
    #expect(seen == Seen(outcome: .answered(204), outside: 1))
  }

  @Test(arguments: [["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "127.0.0.1"]])
  func ofSeveralAddressesAPublicOneIsUsed(addresses: [String]) async throws {
    let seen = try await send([addresses])
    #expect(seen == Seen(outcome: .answered(204), outside: 1))
  }

  /// Also one that would be outside if it were asked for again.
  @Test func aNameThatLeadsInsideIsRefused() async throws {
    let seen = try await send([["127.0.0.1"], ["127.0.0.2"]])
    #expect(seen == Seen(outcome: .addressRefused))
    let nobody = try await send([[]])
    #expect(nobody == Seen(outcome: .unresolved))
    // What really counts as public, of which nothing is here.
    let real = try await send([["127.0.0.2", "127.0.0.1"]], isPublic: { $0.isPublic })
    #expect(real == Seen(outcome: .addressRefused))
  }

  /// The first address, wherever it is: so the operator says. The receivers see what they are to see.
  @Test func anAllowedNameIsReachedWhereverItIs() async throws {
    let seen = try await send(
      [["127.0.0.1", "127.0.0.2"], ["127.0.0.2"]], allowing: ["hooks.invalid"])
    #expect(seen == Seen(outcome: .answered(204), inside: 1))
  }
}
