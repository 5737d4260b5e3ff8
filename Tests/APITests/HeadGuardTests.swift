// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOHTTP1
import Testing

@testable import API

@Suite struct HeadGuardTests {
  @Test func turnsAHeadIntoARequestWithoutItsHost() throws {
    let request = try HeadGuard.request(from: head(fields: [("Host", "a:8080"), ("X-A", "1")]))
    #expect(request.path == "/a/b?c=d")
    #expect(request.authority == "a:8080")
    #expect(request.headerFields.map(\.name.rawName) == ["X-A"])
  }

  @Test(arguments: [
    ("http://evil/", ProblemCode.malformedTarget), ("*", .malformedTarget), ("", .malformedTarget),
    ("a", .malformedTarget), ("a:80", .malformedTarget), ("/a#b", .malformedTarget),
    ("/\u{e9}", .malformedTarget), ("/a b", .malformedTarget), ("/\u{7f}", .malformedTarget),
    ("/" + String(repeating: "a", count: 8192), .targetTooLong),
  ])
  func refusesTargetsThatAreNoAbsolutePath(_ target: String, _ code: ProblemCode) {
    #expect(refusal(head(target, fields: [("Host", "a")])) == code)
  }

  @Test func takesATargetOfExactly8KiB() {
    let target = "/" + String(repeating: "a", count: 8191)
    #expect(refusal(head(target, fields: [("Host", "a")])) == nil)
  }

  @Test(arguments: [
    [], ["a", "a"], ["a", "b"], ["a b"], [""], ["a/b"], ["a\u{e9}"], ["a?"], ["a\\"], ["a\"b"],
    ["user@a"],
  ])
  func refusesHostsThatAreMissingDoubleOrNoAuthority(_ hosts: [String]) {
    #expect(refusal(head(fields: hosts.map { ("Host", $0) })) == .malformedRequest)
  }

  @Test(arguments: ["a", "A.b-c:80", "127.0.0.1", "[::1]:8080", "a_b"])
  func takesValidHosts(_ host: String) {
    #expect(refusal(head(fields: [("Host", host)])) == nil)
  }

  @Test func asksHTTP10ForNoHost() {
    #expect(refusal(head(version: .http1_0, fields: [])) == nil)
    let two = [("Host", "a"), ("Host", "a")]
    #expect(refusal(head(version: .http1_0, fields: two)) == .malformedRequest)
  }

  @Test(arguments: [HTTPVersion(major: 1, minor: 2), .http2, .http3, .http0_9])
  func refusesOtherVersions(_ version: HTTPVersion) {
    let code = refusal(head(version: version, fields: [("Host", "a")]))
    #expect(code == .httpVersionNotSupported)
  }

  @Test(arguments: [
    [("Content-Length", "1"), ("Content-Length", "1")],
    [("Content-Length", "1"), ("Transfer-Encoding", "chunked")],
    [("Transfer-Encoding", "gzip, chunked")], [("Transfer-Encoding", "identity")],
    [("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")],
    [("Transfer-Encoding", "")], [("Transfer-Encoding", "chunked\u{301}")],
  ])
  func refusesFramingThatCanBeReadInTwoWays(_ fields: [(String, String)]) {
    #expect(refusal(head(fields: [("Host", "a")] + fields)) == .malformedRequest)
  }

  @Test(arguments: ["a\u{7f}", "a\u{1}", "a\u{b}b", "\u{1b}[31m"])
  func refusesValuesWithControlCharacters(_ value: String) {
    let fields = [("Host", "a"), ("Authorization", value)]
    #expect(refusal(head(fields: fields)) == .malformedRequest)
  }

  @Test func refusesChunksInHTTP10() {
    let fields = [("Host", "a"), ("Transfer-Encoding", "chunked")]
    #expect(refusal(head(version: .http1_0, fields: fields)) == .malformedRequest)
    #expect(refusal(head(fields: fields)) == nil)
  }

  @Test func refusesMoreThan100Fields() {
    let fields = (0..<100).map { ("X-\($0)", "1") }
    #expect(refusal(head(fields: [("Host", "a")] + fields)) == .headTooLarge)
    #expect(refusal(head(fields: [("Host", "a")] + fields.dropLast())) == nil)
  }

  private func head(
    _ target: String = "/a/b?c=d", version: HTTPVersion = .http1_1, fields: [(String, String)]
  ) -> HTTPRequestHead {
    HTTPRequestHead(version: version, method: .GET, uri: target, headers: HTTPHeaders(fields))
  }

  private func refusal(_ head: HTTPRequestHead) -> ProblemCode? {
    do throws(Problem) {
      _ = try HeadGuard.request(from: head)
      return nil
    } catch {
      return error.code
    }
  }
}
