// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Testing

@testable import API

@Suite struct MediaTypeTests {
  @Test(arguments: [
    ("application/json", "application/json", [:]),
    ("Application/JSON; Charset=\"UTF-8\"", "application/json", ["charset": "utf-8"]),
    (" text/plain ;q=0.5 ; ", "text/plain", ["q": "0.5"]), ("*/*", "*/*", [:]),
  ])
  func readsATypeAndItsParameters(
    _ text: String, _ essence: String, _ parameters: [String: String]
  ) {
    let type = MediaType(text)
    #expect(type?.essence == essence)
    #expect(type?.parameters == parameters)
  }

  @Test(arguments: ["", "json", "a/", "/b", "a/b/c", "a b/c", "a/b;c", "application/json\u{301}"])
  func refusesWhatIsNoType(_ text: String) {
    #expect(MediaType(text) == nil)
  }

  @Test(arguments: [
    ([], true), ([""], true), (["*/*"], true), (["application/json"], true),
    (["application/*;q=0.1"], true), (["text/html, application/xhtml+xml, */*;q=0.8"], true),
    (["text/html", "application/json"], true), (["application/problem+json"], true),
    (["application/xml"], false), (["text/*"], false), (["application/json;q=0"], false),
    (["application/json;q=0, */*"], false), (["*/*;q=0"], false), (["nonsense"], false),
  ])
  func knowsWhetherJSONIsAccepted(_ accept: [String], _ isAccepted: Bool) {
    #expect(MediaType.acceptsJSON(accept) == isAccepted)
  }
}

@Suite struct BodyPolicyTests {
  @Test(arguments: [
    [], ["text/plain"], ["application/xml"], ["application/x-www-form-urlencoded"],
    ["multipart/form-data; boundary=x"], ["application/json; charset=utf-16"],
    ["application/json", "application/json"], ["application/x-ndjson"], ["json"],
  ])
  func takesNothingButJSON(_ types: [String]) {
    #expect(refusal(.event, type: types) == .unsupportedMediaType)
  }

  @Test func takesLinesForBatchesOnly() throws {
    let fields: HTTPFields = [.contentType: "application/x-ndjson; charset=utf-8"]
    #expect(try BodyPolicy.events.check(fields) == .lines)
    #expect(try BodyPolicy.events.check([.contentType: "application/json"]) == .json)
    #expect(refusal(.command, type: ["application/x-ndjson"]) == .unsupportedMediaType)
  }

  @Test func letsAnOptionalBodyBeWithoutType() {
    #expect(refusal(.optionalCommand, type: []) == nil)
    #expect(refusal(.optionalCommand, type: [], length: "0") == nil)
    #expect(refusal(.optionalCommand, type: [], length: "2") == .unsupportedMediaType)
    #expect(refusal(.optionalCommand, type: ["text/plain"]) == .unsupportedMediaType)
  }

  @Test(arguments: ["gzip", "br", "identity, gzip", "deflate"])
  func refusesContentEncodings(_ encoding: String) {
    let fields: HTTPFields = [.contentEncoding: encoding, .contentType: "application/json"]
    #expect(throws: Problem.self) { try BodyPolicy.command.check(fields) }
  }

  @Test(arguments: [
    (BodyPolicy.event, 262_144, ProblemCode?.none), (.event, 262_145, .eventTooLarge),
    (.events, 5_242_880, nil), (.events, 5_242_881, .bodyTooLarge), (.command, 65_536, nil),
    (.command, 65_537, .bodyTooLarge), (.optionalCommand, 65_537, .bodyTooLarge),
  ])
  func judgesTheDeclaredLengthAtOnce(
    _ policy: BodyPolicy, _ length: Int, _ code: ProblemCode?
  ) {
    #expect(refusal(policy, type: ["application/json"], length: String(length)) == code)
  }

  @Test func takesALengthBeyond64BitsForTooLarge() {
    let length = "99999999999999999999"
    #expect(refusal(.command, type: ["application/json"], length: length) == .bodyTooLarge)
  }

  private func refusal(
    _ policy: BodyPolicy, type: [String], length: String? = nil
  ) -> ProblemCode? {
    var fields = HTTPFields()
    for type in type { fields.append(HTTPField(name: .contentType, value: type)) }
    fields[.contentLength] = length
    do throws(Problem) {
      _ = try policy.check(fields)
      return nil
    } catch {
      return error.code
    }
  }
}
