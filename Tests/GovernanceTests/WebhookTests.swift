// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import Testing

@testable import Governance

/// What of webhooks needs neither a database nor a network.
struct WebhookTests {
  /// The example of the Standard Webhooks libraries. Its secret has 24 bytes; HMAC fills a short key up
  /// with zeros, so that it is the same as one of 32.
  @Test func signsLikeTheExampleOfTheStandard() throws {
    let bytes = try #require(Data(base64Encoded: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    let secret = WebhookSecret(bytes: Array(bytes) + [UInt8](repeating: 0, count: 8))
    let signature = try secret.signature(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330,
      body: Array(#"{"test": 2432232314}"#.utf8))
    #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test func everySecretIsAnother() throws {
    let (one, other) = (try WebhookSecret.make(), try WebhookSecret.make())
    #expect(one.text.hasPrefix("whsec_") && one.text.utf8.count == 6 + 44)
    #expect(one.bytes != other.bytes)
    let signature = try one.signature(id: "a", timestamp: 1, body: [])
    #expect(try other.signature(id: "a", timestamp: 1, body: []) != signature)
    #expect(try one.signature(id: "a", timestamp: 2, body: []) != signature)
  }

  @Test(arguments: [
    ("https://hooks.example.com", "https://hooks.example.com/"),
    ("https://Hooks.Example.COM:443/a%20b?c=d", "https://hooks.example.com/a%20b?c=d"),
    ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
    ("https://[2606:4700::1]:8443/", "https://[2606:4700::1]:8443/"),
    ("https://[::1]", "https://[::1]/"),
  ])
  func readsAURL(text: String, canonical: String) throws {
    let url = try #require(WebhookURL(text))
    #expect(url.text == canonical)
    #expect(WebhookURL(url.text) == url)
  }

  @Test(arguments: [
    "", "https://", "https:///x", "ftp://a.example", "HTTPS://a.example", "//a.example",
    "a.example",
    "https://user@a.example", "https://user:p@a.example/", "https://a.example#b",
    "https://a.example/#b", "https://a.example\\@b.example", "https://a.example/\\b",
    "https://a.example:0", "https://a.example:65536", "https://a.example:", "https://a.example:8a",
    "https://a..example", "https://.a", "https://a.", "https://-a.example", "https://a_b.example",
    "https://a%2eexample", "https://a.example/%", "https://a.example/%2", "https://a.example/%zz",
    "https://a.example/ b", "https://a.example/\u{e9}", "https://\u{e9}.example",
    "https://a.example/\n", "https://a.example?x", "https://[::1", "https://[::1]x",
    "https://[127.0.0.1]", "https://[fe80::1%25eth0]", "https://[]", " https://a.example",
    "https://a.example/" + String(repeating: "a", count: 2048),
  ])
  func refusesWhatIsNoPlainURL(text: String) {
    #expect(WebhookURL(text) == nil)
  }

  @Test func pausesDoubleUpToAnHour() {
    let pauses = (1...12).map { WebhookPatience.pause(after: $0, jitter: 0) }
    #expect(
      pauses == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600].map { .seconds($0) })
    #expect(WebhookPatience.pause(after: 1, jitter: 1) == .seconds(6.25))
    #expect(WebhookPatience.pause(after: .max, jitter: 1) == .seconds(3600))
    #expect(WebhookPatience.pause(after: 0, jitter: 0) == .seconds(5))
  }

  @Test func patienceEndsWithTwentyFailuresOrThreeDays() {
    let now = Timestamp.now()
    func since(_ seconds: Int64) -> Timestamp {
      Timestamp(microseconds: now.microseconds - seconds * 1_000_000)
    }
    #expect(!WebhookPatience.isOver(failures: 19, since: since(3 * 86_400), at: now))
    #expect(WebhookPatience.isOver(failures: 20, since: nil, at: now))
    #expect(WebhookPatience.isOver(failures: 2, since: since(3 * 86_400 + 1), at: now))
    #expect(!WebhookPatience.isOver(failures: 1, since: nil, at: now))
  }

  @Test func onlyTwoHundredsAreSuccesses() {
    for status in [200, 204, 299] { #expect(WebhookOutcome.answered(status).isSuccess) }
    for status in [199, 300, 302, 404, 410, 500] {
      #expect(!WebhookOutcome.answered(status).isSuccess)
    }
    for outcome in [WebhookOutcome.addressRefused, .unresolved, .unreachable, .timedOut] {
      #expect(!outcome.isSuccess && !outcome.isGone)
    }
    #expect(WebhookOutcome.answered(410).isGone)
  }
}
